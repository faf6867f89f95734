#include "model/plan_builder.hpp"

#include "model/layer_builder.hpp"

#include <map>
#include <optional>

namespace ombra::model {
namespace {

using torch::Tensor;
using Parameters = torch::OrderedDict<std::string, Tensor>;

// Shapes that a step can have; none for sequences.
std::optional<PlanShape> plan_shape(const Shape& shape) {
  const auto whole = [&](std::size_t i) { return static_cast<int>(shape[i]); };
  if (shape.size() == 1 && shape[0] > 0) return PlanShape{whole(0), 1, 1};
  if (shape.size() == 3) return PlanShape{whole(0), whole(1), whole(2)};
  return {};
}

PlanActivation activation_named(ConfigReader& in, const std::string& key) {
  const std::string name = in.choice(key, {"linear", "relu", "elu", "silu", "gelu", "sigmoid", "tanh"});
  static const std::map<std::string, PlanActivation> kNames = {
      {"linear", PlanActivation::kLinear},   {"relu", PlanActivation::kRelu}, {"elu", PlanActivation::kElu},
      {"silu", PlanActivation::kSilu},       {"gelu", PlanActivation::kGelu}, {"sigmoid", PlanActivation::kSigmoid},
      {"tanh", PlanActivation::kTanh}};
  return kNames.at(name);
}

int before(int n, int kernel, int stride, int out) { return std::max(0, (out - 1) * stride + kernel - n) / 2; }

// One layer's settings, read as the layer builders read them.
class StepBuilder {
 public:
  StepBuilder(LayerBuilder& builder, const Parameters& parameters, std::string prefix)
      : b_(builder), parameters_(parameters), prefix_(std::move(prefix)) {}

  // -> false: no step of this kind; builder.shape becomes what the step gives
  bool build(const std::string& kind, PlanStep& step) {
    const auto in = plan_shape(b_.shape);
    if (!in) return false;
    step.in = step.out = *in;
    const bool known = picture(kind, step) || vector(kind, step);
    if (!known) return false;
    b_.shape = vector_out_ ? Shape{step.out.channels} : Shape{step.out.channels, step.out.height, step.out.width};
    return true;
  }

 private:
  std::vector<float> values(const std::string& name) const {
    const Tensor t = parameters_[prefix_ + name].detach().to(torch::kCPU, torch::kFloat).contiguous();
    return {t.data_ptr<float>(), t.data_ptr<float>() + t.numel()};
  }
  void weigh(PlanStep& step, const std::string& name) const {
    step.weights = values(name + ".weight");
    step.bias = values(name + ".bias");
  }
  int whole(const char* key, std::int64_t fallback) { return static_cast<int>(b_.positive(key, fallback)); }

  bool picture(const std::string& kind, PlanStep& step) {
    if (b_.shape.size() != 3) return false;
    const PlanShape in = step.in;
    if (kind == "conv") {
      const auto kernel = b_.kernel(3);
      step.kind = PlanKind::kConv;
      step.kernel_height = static_cast<int>(kernel[0]), step.kernel_width = static_cast<int>(kernel[1]);
      step.stride = whole("stride", 1);
      const bool same = b_.in.choice("padding", {"same", "valid"}) == "same";
      const auto out = [&](int n, int k) { return same ? (n + step.stride - 1) / step.stride : (n - k) / step.stride + 1; };
      weigh(step, "conv");
      step.out = {static_cast<int>(step.bias.size()), out(in.height, step.kernel_height), out(in.width, step.kernel_width)};
      if (same) {
        step.top = before(in.height, step.kernel_height, step.stride, step.out.height);
        step.left = before(in.width, step.kernel_width, step.stride, step.out.width);
      }
      step.activation = activation_named(b_.in, "activation");
    } else if (kind == "conv_transpose") {
      step.kind = PlanKind::kConvTranspose;
      step.kernel_height = step.kernel_width = whole("kernel", 2);
      step.stride = whole("stride", 2);
      step.top = step.left = (step.kernel_height - step.stride) / 2;
      weigh(step, "conv");
      step.out = {static_cast<int>(step.bias.size()), in.height * step.stride, in.width * step.stride};
      step.activation = activation_named(b_.in, "activation");
    } else if (kind == "maxpool") {
      step.kind = PlanKind::kMaxPool;
      step.factor = whole("size", 2);
      step.out = {in.channels, (in.height + step.factor - 1) / step.factor, (in.width + step.factor - 1) / step.factor};
    } else if (kind == "upsample") {
      step.kind = PlanKind::kUpsample;
      step.factor = whole("factor", 2);
      step.bilinear = b_.in.choice("mode", {"nearest", "bilinear"}) == "bilinear";
      step.out = {in.channels, in.height * step.factor, in.width * step.factor};
    } else if (kind == "pixel_shuffle") {
      step.kind = PlanKind::kPixelShuffle;
      step.factor = whole("factor", 2);
      step.out = {in.channels / (step.factor * step.factor), in.height * step.factor, in.width * step.factor};
    } else if (kind == "crop") {
      const Shape to = b_.in.integers("size", 1, 8192);
      step.kind = PlanKind::kCrop;
      step.out = {in.channels, static_cast<int>(to[0]), static_cast<int>(to[1])};
    } else {
      return false;
    }
    vector_out_ = false;
    return true;
  }

  bool vector(const std::string& kind, PlanStep& step) {
    vector_out_ = b_.shape.size() == 1;
    if (kind == "dropout" || kind == "l1") {  // nothing where nothing is learned
      step.kind = PlanKind::kActivation;
      return true;
    }
    if (kind == "activation") {
      step.kind = PlanKind::kActivation;
      step.activation = activation_named(b_.in, "of");
      return true;
    }
    if (kind == "flatten") {
      step.kind = PlanKind::kFlatten;
      step.channels_last = b_.channels_last(b_.shape.size());
      step.out = {static_cast<int>(step.in.numbers()), 1, 1};
      vector_out_ = true;
      return true;
    }
    if (kind == "reshape") {
      const Shape to = b_.in.integers("shape", 1, 1 << 20);
      const auto out = plan_shape(to);
      if (!out) return false;
      step.kind = PlanKind::kReshape;
      step.channels_last = b_.channels_last(to.size());
      step.out = *out;
      vector_out_ = to.size() == 1;
      return true;
    }
    if (b_.shape.size() != 1) return false;
    if (kind == "dense" || kind == "gaussian") {  // the code's mean, where nothing is learned
      step.kind = PlanKind::kDense;
      weigh(step, kind == "dense" ? "dense" : "mean");
      step.out = {static_cast<int>(step.bias.size()), 1, 1};
      if (kind == "dense") step.activation = activation_named(b_.in, "activation");
      return true;
    }
    return false;
  }

  LayerBuilder& b_;
  const Parameters& parameters_;
  const std::string prefix_;
  bool vector_out_ = false;
};

bool idle(const PlanStep& step) {
  return step.kind == PlanKind::kActivation && step.activation == PlanActivation::kLinear;
}

}  // namespace

PlanOrReason plan_of(const LayerList& layers, const Shape& input, bool keras, const Parameters& parameters,
                     const std::string& prefix) {
  const auto plan = std::make_shared<DecoderPlan>();
  Shape shape = input;
  plan->code = static_cast<int>(input[0]);
  plan->output = plan_shape(input).value_or(PlanShape{});
  for (std::size_t i = 0; i < layers.size(); ++i) {
    LayerBuilder builder{ConfigReader(*layers[i].settings, "recipe", layers[i].kind), shape, 0, keras};
    if (layers[i].kind == "strokes" && i + 1 == layers.size()) {
      plan->strokes = plan->output.channels / 6;
      plan->end = PlanEnd::kStrokes;
      continue;
    }
    PlanStep step;
    if (!StepBuilder(builder, parameters, prefix + std::to_string(i) + ".").build(layers[i].kind, step)) {
      return {nullptr, fmt::format("the layer {} of its decoder (number {}, on {}) runs in LibTorch only",
                                   layers[i].kind, i + 1, shape_text(shape))};
    }
    shape = builder.shape;
    plan->output = step.out;
    if (!idle(step)) plan->steps.push_back(std::move(step));
  }
  return {plan, ""};
}

PlanOrReason plan_of(const Recipe& recipe, const PainterImpl& painter) {
  const torch::NoGradGuard no_grad;
  PlanOrReason result =
      plan_of(recipe.painter.decoder, Shape{recipe.painter.code}, recipe.keras, painter.named_parameters(), "decoder.");
  if (!result.plan) return result;
  const auto plan = std::make_shared<DecoderPlan>(*result.plan);
  if (plan->end != PlanEnd::kStrokes) {
    plan->end = recipe.frames.picture == PictureKind::kDistance ? PlanEnd::kDistances : PlanEnd::kLight;
    plan->span = painter.span();
  }
  return {plan, ""};
}

}  // namespace ombra::model
