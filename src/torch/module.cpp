// What stands behind model/door: C functions with C++ arguments, looked up by name.

#include "evaluate/compare.hpp"
#include "evaluate/evaluate.hpp"
#include "evaluate/network_cost.hpp"
#include "model/torch_dancer/torch_dancer.hpp"
#include "train/ear/train_ear.hpp"
#include "train/import_keras.hpp"
#include "train/train.hpp"

#include <string>

using namespace ombra;

extern "C" {

model::LibTorchDancer* ombra_open_libtorch_dancer(const std::filesystem::path& folder, const std::string& device) {
  return model::torch_dancer(folder, device).release();
}
bool ombra_train(const train::TrainOptions& options) {
  const bool ear = model::is_ear_recipe(model::find_recipe(options.recipe));
  return ear ? train::train_ear(options) : train::train(options);
}
std::string ombra_evaluate(const train::EvaluateOptions& options) { return train::evaluate(options); }
std::string ombra_compare(const train::CompareOptions& options) { return train::compare(options); }
std::string ombra_import_keras(const train::ImportOptions& options) { return train::import_keras(options); }
train::NetworkCosts ombra_network_costs(const train::NetworkCostOptions& options) {
  return train::network_costs(options);
}

}  // extern "C"
