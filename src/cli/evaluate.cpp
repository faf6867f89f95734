#include "cli/command.hpp"
#include "core/error.hpp"
#include "studio/studio.hpp"

#include <cstdio>
#include <memory>

namespace ombra::cli {

namespace {

// What both ways of measuring understand, from the options of one.
train::CompareOptions comparison_of(const train::EvaluateOptions& o, const std::vector<std::filesystem::path>& models,
                                    bool frames_given) {
  train::CompareOptions c;
  c.models = models;
  c.data = o.data;
  if (!o.output.empty()) c.output = o.output;
  if (frames_given) c.frames = o.frames;
  c.bpm = o.bpm;
  c.pulse = o.pulse;
  c.seed = o.seed;
  return c;
}

}  // namespace

void add_evaluate(CLI::App& app) {
  const auto options = std::make_shared<train::EvaluateOptions>();
  CLI::App* command = app.add_subcommand(
      "evaluate", "Measure a dancer: reconstruction of held-out clips, and the dance it makes alone");
  command->footer(
      "example: ombra evaluate models/ombra --data data/dance.safetensors\n"
      "         ombra evaluate --compare models/ombra models/mine --data data/dance.safetensors -o comparison");
  const auto compared = std::make_shared<std::vector<std::filesystem::path>>();
  CLI::Option* model = command->add_option("model", options->model, "model folder");
  CLI::Option* compare =
      command
          ->add_option("--compare", *compared,
                       "model folders of any kind, side by side: reconstruction, cost, and free dance without the "
                       "freeze guard, measured from pictures")
          ->excludes(model);
  command->add_option("--data", options->data, "data set with held-out clips")->required();
  command->add_option("--bodies", options->bodies,
                      "painters of people: the folder of their figures, each of which is held against what is drawn");
  command->add_option("-o,--output", options->output,
                      "folder for the tables and contact sheets [MODEL/evaluation; of a comparison: comparison]");
  CLI::Option* frames = command->add_option("--frames", options->frames,
                                            "frames of free-running dance at each temperature; --compare: [14400]");
  frames->check(CLI::Range(1600, 100'000'000))->capture_default_str();
  command->add_option("--temperature", options->temperatures, "temperatures to dance at, such as 0.3,0.8")
      ->delimiter(',')
      ->check(CLI::Range(0.0, 4.0))  // so that 0,6, which is two, is not taken for a half
      ->excludes(compare)
      ->capture_default_str();
  command->add_option("--bpm", options->bpm, "tempo to dance at")
      ->check(CLI::Range(30.0, 300.0))
      ->capture_default_str();
  command->add_option("--accent", options->accent, "how much time is bent to the beat")
      ->check(CLI::Range(0.0, 1.0))
      ->excludes(compare)
      ->capture_default_str();
  command->add_option("--pulse", options->pulse, "how clearly moves are asked to stop on the beat")
      ->check(CLI::Range(-2.0, 2.0))
      ->capture_default_str();
  command->add_option("--tightness", options->tightness, "how far time bends to bring stops onto the beat")
      ->check(CLI::Range(0.0, 1.0))
      ->excludes(compare)
      ->capture_default_str();
  command->add_flag("--dance-only", options->dance_only, "skip the reconstruction of held-out clips")
      ->excludes(compare);
  command->add_option("--seed", options->seed, "random seed of the dance")->capture_default_str();
  command->callback([options, compared, frames] {
    if (compared->empty() && options->model.empty())
      throw UsageError("evaluate: no model\nhint: ombra evaluate models/ombra --data DATA, or --compare MODEL...");
    const std::string text = compared->empty()
                                 ? studio::evaluate(*options)
                                 : studio::compare(comparison_of(*options, *compared, frames->count() > 0));
    std::printf("%s", text.c_str());
  });
}

}  // namespace ombra::cli
