#include "model/figure/decoder_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace ombra::model {
namespace {

using Kind = LayerPlan::Kind;

// [F] and [C, H, W]; none for sequences
std::optional<PlanShape> plan_shape(const Shape& shape) {
  const auto whole = [&](std::size_t i) { return static_cast<int>(shape[i]); };
  if (shape.size() == 1) return PlanShape{whole(0), 1, 1};
  if (shape.size() == 3) return PlanShape{whole(0), whole(1), whole(2)};
  return {};
}

// What is made of the first n samples of one side, and the zeros in front of them.
struct Side {
  int out, before;
};
Side convolved(int n, int kernel, int stride, bool same) {
  if (!same) return {(n - kernel) / stride + 1, 0};
  const int out = (n + stride - 1) / stride;
  return {out, std::max(0, (out - 1) * stride + kernel - n) / 2};
}

// step.layer and step.in are known; code: numbers that go into the network. -> false where it is no layer over pictures
// or vectors
bool shape_step(PlanStep& step, int code) {
  const LayerPlan& layer = step.layer;
  const PlanShape& in = step.in;
  const int factor = step.factor(), outputs = layer.dense.empty() ? 0 : static_cast<int>(layer.dense[0].bias.size());
  step.out = in;
  switch (layer.kind) {
    case Kind::kPass:
    case Kind::kActivation:
      return true;
    case Kind::kDense:
      step.out = {outputs, 1, 1};
      return true;
    case Kind::kOuter:
      step.out = {in.channels + (code - static_cast<int>(layer.factor) + 1) * (static_cast<int>(layer.factor) + 1), 1,
                  1};
      return true;
    case Kind::kFlatten:
      step.out = {static_cast<int>(in.numbers()), 1, 1};
      return true;
    case Kind::kReshape: {
      const std::optional<PlanShape> to = plan_shape(layer.shape);
      step.out = to.value_or(in);
      return to.has_value();
    }
    case Kind::kConv: {
      const Side rows = convolved(in.height, layer.kernel_height, layer.stride, layer.same);
      const Side columns = convolved(in.width, layer.kernel_width, layer.stride, layer.same);
      step.out = {outputs, rows.out, columns.out};
      step.top = rows.before, step.left = columns.before;
      return true;
    }
    case Kind::kConvTranspose:
      step.out = {outputs, in.height * layer.stride, in.width * layer.stride};
      step.top = step.left = (layer.kernel_height - layer.stride) / 2;
      return true;
    case Kind::kMaxPool:
      step.out = {in.channels, (in.height + factor - 1) / factor, (in.width + factor - 1) / factor};
      return true;
    case Kind::kUpsample:
      step.out = {in.channels, in.height * factor, in.width * factor};
      return true;
    case Kind::kPixelShuffle:
      step.out = {in.channels / (factor * factor), in.height * factor, in.width * factor};
      return true;
    case Kind::kCrop:
      step.out = {in.channels, static_cast<int>(layer.shape[0]), static_cast<int>(layer.shape[1])};
      return true;
    default:
      return false;
  }
}

bool idle(const LayerPlan& layer) {
  return layer.kind == Kind::kPass || (layer.kind == Kind::kActivation && layer.activation == ActivationKind::kLinear);
}

}  // namespace

int DecoderPlan::side() const { return static_cast<int>(std::llround(span * output.height)); }

std::size_t DecoderPlan::weights() const {
  std::size_t sum = 0;
  for (const PlanStep& step : steps) {
    for (const DensePlan& dense : step.layer.dense) sum += dense.weight.size() + dense.bias.size();
  }
  return sum;
}

PlanOrReason decoder_plan(const NetworkLayout& network, std::vector<LayerPlan> layers) {
  const auto plan = std::make_shared<DecoderPlan>();
  plan->code = static_cast<int>(network.layers.empty() ? network.output[0] : network.layers[0].in[0]);
  plan->output = {plan->code, 1, 1};
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const PlanShape in = plan->output;
    if (layers[i].kind == Kind::kStrokes && i + 1 == layers.size()) {
      plan->strokes = in.channels / 6;
      plan->end = PlanEnd::kStrokes;
      continue;
    }
    PlanStep step;
    step.in = in;
    step.layer = std::move(layers[i]);
    if (!shape_step(step, plan->code)) {
      return {nullptr, fmt::format("the layer {} of its decoder (number {}, on {}) runs in LibTorch only",
                                   network.layers[i].word, i + 1, shape_text({in.channels, in.height, in.width}))};
    }
    plan->output = step.out;
    if (!idle(step.layer)) plan->steps.push_back(std::move(step));
  }
  return {plan, ""};
}

PlanOrReason painter_plan(PictureKind picture, const NetworkLayout& decoder, std::vector<LayerPlan> layers,
                          double span) {
  PlanOrReason result = decoder_plan(decoder, std::move(layers));
  if (!result.plan || result.plan->end == PlanEnd::kStrokes) return result;
  const auto plan = std::make_shared<DecoderPlan>(*result.plan);
  plan->end = picture == PictureKind::kDistance ? PlanEnd::kDistances : PlanEnd::kLight;
  plan->span = span;
  return {plan, ""};
}

}  // namespace ombra::model
