#include "cli/command.hpp"
#include "studio/studio.hpp"

#include <cstdio>
#include <memory>

namespace ombra::cli {

void add_import(CLI::App& app) {
  const auto options = std::make_shared<train::ImportOptions>();
  CLI::App* command = app.add_subcommand("import", "Make a dancer from Keras weights (HDF5) for one of the recipes");
  command->footer(
      "example: ombra import vae_cnn.h5 gendance.h5 --recipe dancenet-2018 --data data/dance.safetensors -o models/dn");
  command->add_option("weights", options->weights, "files of model.save_weights('x.h5') or model.save('x.h5')")
      ->required();
  command->add_option("--recipe", options->recipe, "a name from models/recipes, or a file")->required();
  command->add_option("-o,--output", options->output, "model folder to write")->required();
  command->add_option(
      "--data", options->data,
      "data set made by `ombra prepare`, for the scale of codes and the starting poses [random numbers]");
  command->add_option("--seed", options->seed, "random seed")->capture_default_str();
  command->callback([options] { std::printf("%s", studio::import_keras(*options).c_str()); });
}

}  // namespace ombra::cli
