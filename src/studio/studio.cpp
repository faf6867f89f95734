#include "studio/studio.hpp"

#include "model/door/door.hpp"

namespace ombra::studio {

using model::behind_door;

bool train(const train::TrainOptions& options) {
  return behind_door<bool(const train::TrainOptions&)>("ombra_train")(options);
}

std::string evaluate(const train::EvaluateOptions& options) {
  return behind_door<std::string(const train::EvaluateOptions&)>("ombra_evaluate")(options);
}

std::string compare(const train::CompareOptions& options) {
  return behind_door<std::string(const train::CompareOptions&)>("ombra_compare")(options);
}

std::string import_keras(const train::ImportOptions& options) {
  return behind_door<std::string(const train::ImportOptions&)>("ombra_import_keras")(options);
}

train::NetworkCosts network_costs(const train::NetworkCostOptions& options) {
  return behind_door<train::NetworkCosts(const train::NetworkCostOptions&)>("ombra_network_costs")(options);
}

}  // namespace ombra::studio
