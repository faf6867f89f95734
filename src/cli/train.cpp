#include "cli/command.hpp"
#include "core/error.hpp"
#include "core/times.hpp"
#include "studio/studio.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

namespace ombra::cli {

namespace {

// "20min", "90s", "1.5h" -> seconds; a bare number might be meant as anything
double budget_of(const std::string& text) {
  const double seconds = text.find_first_of("smh:") != std::string::npos ? parse_time(text) : 0.0;
  if (!(seconds >= 1.0 && seconds <= 3.15e7))
    throw UsageError(fmt::format("--budget {}: not a time\nhint: for example 20min, 90s or 1.5h", text.substr(0, 40)));
  return seconds;
}

}  // namespace

void add_train(CLI::App& app) {
  const auto options = std::make_shared<train::TrainOptions>();
  const auto budget = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("train", "Train a dancer from a data set; resumes after Ctrl-C or a crash");
  command->footer("example: ombra train --recipe ombra --data data/dance.safetensors -o models/mine");
  command->add_option("--recipe", options->recipe, "a name from models/recipes, or a file")->capture_default_str();
  command->add_option("--data", options->data, "data set made by `ombra prepare`")->required();
  command->add_option("-o,--output", options->output, "model folder to write")->required();
  command->add_option("--bodies", options->bodies,
                      "recipes with people: a folder of skinned glTF figures, who are drawn on the spot");
  command->add_option("--without", options->without, "figures of that folder, by name, that are not learned")
      ->delimiter(',');
  command->add_option("--device", options->device, "where LibTorch computes: auto, cpu or cuda")->capture_default_str();
  command->add_option("--seed", options->seed, "random seed")->capture_default_str();
  command->add_option("--effort", options->effort, "multiplies the recipe's steps: 0.01 for a quick try")
      ->check(CLI::Range(1e-6, 1e3))
      ->capture_default_str();
  command->add_option("--budget", *budget,
                      "time limit instead of steps, for the whole run: 20min, 90s, 1.5h; the learning rates are spread "
                      "over it, and time before Ctrl-C counts");
  command->add_option("--from", options->from,
                      "start from the weights of this model folder (same recipe); footage without joints needs --from "
                      "models/ombra with the recipe ombra");
  command
      ->add_option(
          "--keep", options->keep,
          "networks to keep from --from unchanged; the others start anew: painter, mover, choreographer or dancer")
      ->delimiter(',');
  command->add_option(
      "--person", options->person,
      "recipes with people, with --from: the dancer of this footage joins the model's people under this "
      "name (if not given, the data set's); --keep mover,choreographer learns the outline alone, in a "
      "minute or two");
  command->callback([options, budget] {
    if (!budget->empty()) options->budget_s = budget_of(*budget);
    if (!studio::train(*options)) throw error("interrupted: everything is saved\nhint: the same command continues");
  });
}

}  // namespace ombra::cli
