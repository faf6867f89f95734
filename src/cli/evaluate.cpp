#include "train/evaluate.hpp"

#include "cli/command.hpp"

#include <cstdio>
#include <memory>

namespace ombra::cli {

void add_evaluate(CLI::App& app) {
  const auto options = std::make_shared<train::EvaluateOptions>();
  CLI::App* command = app.add_subcommand(
      "evaluate", "Measure a dancer: reconstruction of held-out clips, and the dance it makes alone");
  command->footer("example: ombra evaluate models/ombra --data data/dance.safetensors");
  command->add_option("model", options->model, "model folder")->required();
  command->add_option("--data", options->data, "data set with held-out clips")->required();
  command->add_option("-o,--output", options->output,
                      "folder for evaluation.json, .md and contact sheets [MODEL/evaluation]");
  command->add_option("--frames", options->frames, "frames of free-running dance at each temperature")
      ->check(CLI::Range(1600, 100'000'000))
      ->capture_default_str();
  command->add_option("--temperature", options->temperatures, "temperatures to dance at")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--bpm", options->bpm, "tempo to dance at")
      ->check(CLI::Range(30.0, 300.0))
      ->capture_default_str();
  command->add_option("--accent", options->accent, "how much time is bent to the beat")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_option("--pulse", options->pulse, "how clearly moves are asked to stop on the beat")
      ->check(CLI::Range(-2.0, 2.0))
      ->capture_default_str();
  command->add_flag("--dance-only", options->dance_only, "leave the reconstruction of held-out clips out");
  command->add_option("--seed", options->seed, "of the dance")->capture_default_str();
  command->callback([options] { std::printf("%s", train::evaluate(*options).c_str()); });
}

}  // namespace ombra::cli
