#pragma once
// From a recipe's decoder and the weights of its painter to a plan that needs no LibTorch.
// Thread: one owner (the model's).

#include "model/figure/decoder_plan.hpp"
#include "model/layers/painter.hpp"

namespace ombra::model {

// The weights are copied to the CPU. Without a plan where the decoder has a layer that only LibTorch can run.
PlanOrReason plan_of(const Recipe& recipe, const PainterImpl& painter);

// The same for any network over vectors of `code` numbers, of which `layers` are the names. `plan.end` (unless it is
// strokes) and `plan.span` are left to the caller.
PlanOrReason plan_of(const LayerList& layers, const NetworkImpl& network, std::int64_t code);

}  // namespace ombra::model
