#pragma once
// What the networks of the live dance cost on the processor: our dancer, and the published ones beside it in the same
// run, on one thread each, as the show runs them. Thread: one owner.

#include "studio/orders.hpp"

namespace ombra::train {

// Throws what loading a model and reading a recipe throw, and Error when it is interrupted.
NetworkCosts network_costs(const NetworkCostOptions& options);

}  // namespace ombra::train
