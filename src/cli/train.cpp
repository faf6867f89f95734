#include "train/train.hpp"

#include "cli/command.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

namespace ombra::cli {

void add_train(CLI::App& app) {
  const auto options = std::make_shared<train::TrainOptions>();
  CLI::App* command = app.add_subcommand("train", "Train a dancer from a data set; resumes after Ctrl-C or a crash");
  command->footer("example: ombra train --recipe ombra --data data/dance.safetensors -o models/mine");
  command->add_option("--recipe", options->recipe, "a name from models/recipes, or a file")->capture_default_str();
  command->add_option("--data", options->data, "data set made by `ombra prepare`")->required();
  command->add_option("-o,--output", options->output, "model folder to write")->required();
  command->add_option("--device", options->device, "where LibTorch computes: auto, cpu or cuda")->capture_default_str();
  command->add_option("--seed", options->seed, "of everything that is drawn by chance")->capture_default_str();
  command->add_option("--effort", options->effort, "multiplies the recipe's steps: 0.01 for a quick try")
      ->check(CLI::Range(1e-6, 1e3))
      ->capture_default_str();
  command->callback([options] {
    if (!train::train(*options)) {
      std::fprintf(stderr, "%s\n",
                   fmt::format("interrupted; everything is saved. hint: the same command goes on").c_str());
    }
  });
}

}  // namespace ombra::cli
