#include "model/figure/network_layout.hpp"

#include "model/figure/layer_reader.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace ombra::model {

std::string shape_text(const Shape& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

void LayerReader::expect(std::size_t dims, const char* what) const {
  if (shape.size() != dims)
    throw in.fault("layer",
                   fmt::format("needs {} as its input, the layers before it give {}", what, shape_text(shape)));
}

ActivationKind LayerReader::activation(const std::string& key) {
  using Kind = ActivationKind;
  static const std::vector<std::string> kNames = {"linear", "relu", "elu", "silu", "gelu", "sigmoid", "tanh"};
  constexpr Kind kKinds[] = {Kind::kLinear, Kind::kRelu,    Kind::kElu, Kind::kSilu,
                             Kind::kGelu,   Kind::kSigmoid, Kind::kTanh};
  const std::string chosen = in.choice(key, kNames);
  return kKinds[std::find(kNames.begin(), kNames.end(), chosen) - kNames.begin()];
}

bool LayerReader::channels_last(std::size_t dims) {
  const bool given = in.has("order");
  const bool last = in.choice("order", {keras ? "hwc" : "chw", keras ? "chw" : "hwc"}) == "hwc";
  if (last && given && dims != 3) throw in.fault("order", "\"hwc\" needs pictures [C, H, W]");
  return last && dims == 3;
}

std::array<std::int64_t, 2> LayerReader::kernel(std::int64_t fallback) {
  if (!in.has("kernel") || !in.is_list("kernel")) {
    const std::int64_t side = positive("kernel", fallback);
    return {side, side};
  }
  const std::vector<std::int64_t> sides = in.integers("kernel", 1, 4096);
  if (sides.size() != 2) throw in.fault("kernel", "expected a number or [height, width]");
  return {sides[0], sides[1]};
}

void LayerReader::afford(std::initializer_list<std::int64_t> factors) const {
  constexpr double kMax = 1 << 28;  // a gigabyte
  double weights = 1.0;
  for (const std::int64_t f : factors) weights *= static_cast<double>(f);
  if (weights > kMax)
    throw in.fault("layer", fmt::format("would have {:.0f} weights, more than memory should hold", weights));
}

void LayerReader::expect_known_length(const char* what) const {
  for (const std::int64_t n : shape) {
    if (n < 0)
      throw in.fault("layer", fmt::format("{} sequences, the layers before it give {}", what, shape_text(shape)));
  }
}

void LayerReader::read(LayerLayout& layer) {
  if (picture_layer(layer) || vector_layer(layer) || sequence_layer(layer)) return;
  throw in.fault("layer", fmt::format("\"{}\" is not a layer; known are conv, conv_transpose, maxpool, upsample, "
                                      "pixel_shuffle, crop, dense, flatten, reshape, dropout, activation, gaussian, "
                                      "l1, outer, strokes, conv1d, conv1d_transpose, residual1d, lstm, gru, mdn",
                                      layer.word));
}

NetworkLayout read_layers(const LayerList& layers, const Shape& input, std::int64_t code, const std::string& file,
                          const std::string& where, bool keras) {
  NetworkLayout network;
  network.output = input;
  for (const LayerSpec& spec : layers) {
    LayerReader reader{ConfigReader(*spec.settings, file, fmt::format("{} {}", where, spec.kind)), network.output, code,
                       keras, input};
    reader.in.text("layer");
    LayerLayout layer{.word = spec.kind, .plan = {}, .in = network.output, .out = {}};
    reader.read(layer);
    reader.in.finish();
    layer.out = network.output = reader.shape;
    double numbers = 1.0;
    for (const std::int64_t n : layer.out) numbers *= static_cast<double>(std::max<std::int64_t>(1, n));
    if (numbers > (1 << 26))
      throw reader.in.fault("layer", fmt::format("gives {}, more than memory should hold", shape_text(layer.out)));
    network.strokes = spec.kind == "strokes" ? layer.out[0] : 0;
    network.layers.push_back(std::move(layer));
  }
  return network;
}

std::vector<WeightNames> weights_of(const LayerLayout& layer) {
  using Kind = LayerPlan::Kind;
  const LayerPlan& plan = layer.plan;
  const auto number = [](std::size_t n) { return static_cast<std::int64_t>(n); };
  const std::int64_t in = layer.in.back(), out = layer.out.back();
  const auto named = [](const std::string& name, Shape shape, bool transposed = false) {
    return WeightNames{name + ".weight", name + ".bias", std::move(shape), transposed};
  };
  const auto recurrent = [&](const std::string& name, std::int64_t gates) {
    return std::vector<WeightNames>{{name + ".weight_ih_l0", name + ".bias_ih_l0", {gates * out, in}},
                                    {name + ".weight_hh_l0", name + ".bias_hh_l0", {gates * out, out}}};
  };
  switch (plan.kind) {
    case Kind::kDense:
      return {named(layer.word == "gaussian" ? "mean" : "dense", {out, in})};
    case Kind::kMixture:
      return {named("dense", {out, in})};
    case Kind::kConv:
      return {named("conv", {layer.out[0], layer.in[0], plan.kernel_height, plan.kernel_width})};
    case Kind::kConvTranspose:
      return {named("conv", {layer.in[0], layer.out[0], plan.kernel_height, plan.kernel_width}, true)};
    case Kind::kConv1d:
      return {named("taps", {out, number(plan.kernel) * in})};
    case Kind::kConv1dTranspose:
      return {named("taps", {number(plan.factor) * out, in})};
    case Kind::kResidual1d:
      return {named("wide.taps", {out, number(plan.kernel) * in}), named("point", {out, out})};
    case Kind::kLstm:
      return recurrent("lstm", 4);
    case Kind::kGru:
      return recurrent("gru", 3);
    default:
      return {};
  }
}

std::vector<LayerPlan> plans_of(const NetworkLayout& network, const std::string& prefix, const WeightSource& source) {
  std::vector<LayerPlan> plans;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    plans.push_back(network.layers[i].plan);
    for (const WeightNames& names : weights_of(network.layers[i])) {
      std::size_t rest = 1;
      for (std::size_t d = 1; d < names.shape.size(); ++d) rest *= static_cast<std::size_t>(names.shape[d]);
      DensePlan dense{.in = rest, .out = static_cast<std::size_t>(names.shape[0]), .weight = {}, .bias = {}};
      if (names.transposed) std::swap(dense.in, dense.out);
      const std::string before = fmt::format("{}{}.", prefix, i);
      dense.weight = source(before + names.weight, names.shape);
      dense.bias = source(before + names.bias, {names.transposed ? names.shape[1] : names.shape[0]});
      plans.back().dense.push_back(std::move(dense));
    }
  }
  return plans;
}

}  // namespace ombra::model
