#pragma once
// From a recipe's decoder and the weights of its painter to a plan that needs no LibTorch.
// Thread: one owner (the model's).

#include "model/decoder_plan.hpp"
#include "model/painter.hpp"

namespace ombra::model {

// The weights are copied to the CPU. Without a plan where the decoder has a layer that only LibTorch can run.
PlanOrReason plan_of(const Recipe& recipe, const PainterImpl& painter);

// The same for any layer list: its weights are `parameters` called "<prefix><number of the layer>.<name>".
// input: shape of one sample. `plan.end`, `plan.output` and `plan.span` are left to the caller.
PlanOrReason plan_of(const LayerList& layers, const Shape& input, bool keras,
                     const torch::OrderedDict<std::string, torch::Tensor>& parameters, const std::string& prefix);

}  // namespace ombra::model
