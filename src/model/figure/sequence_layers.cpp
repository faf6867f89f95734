// Layers over sequences [T, F].

#include "model/figure/layer_reader.hpp"

namespace ombra::model {
namespace {

using Kind = LayerPlan::Kind;

LayerPlan conv1d(LayerReader& r) {
  const std::int64_t out = r.in.integer("out", 1, 8192), kernel = r.positive("kernel", 3),
                     stride = r.positive("stride", 1);
  if (stride > 1 && stride != kernel) throw r.in.fault("stride", "must be 1 or equal to the kernel");
  const std::int64_t dilation = r.positive("dilation", 1);
  const bool causal = r.in.boolean("causal", false);
  r.afford({r.shape[1], out, kernel});
  if (r.shape[0] > 0 && r.shape[0] % stride != 0)
    throw r.in.fault("stride", fmt::format("must divide the length of {}", shape_text(r.shape)));
  r.shape = {r.shape[0] > 0 ? r.shape[0] / stride : r.shape[0], out};
  return {.kind = Kind::kConv1d,
          .activation = r.activation("activation"),
          .kernel = static_cast<std::size_t>(kernel),
          .dilation = static_cast<std::size_t>(dilation),
          .causal = causal,
          .stride = static_cast<int>(stride)};
}

LayerPlan conv1d_transpose(LayerReader& r) {
  const std::int64_t out = r.in.integer("out", 1, 8192), factor = r.positive("factor", 2);
  r.afford({r.shape[1], out, factor});
  r.shape = {r.shape[0] > 0 ? r.shape[0] * factor : r.shape[0], out};
  return {.kind = Kind::kConv1dTranspose,
          .activation = r.activation("activation"),
          .factor = static_cast<std::size_t>(factor)};
}

LayerPlan residual1d(LayerReader& r) {
  const std::int64_t dilation = r.positive("dilation", 1);
  const bool causal = r.in.boolean("causal", false);
  r.afford({4, r.shape[1], r.shape[1]});
  return {.kind = Kind::kResidual1d,
          .activation = r.in.has("activation") ? r.activation("activation") : ActivationKind::kSilu,
          .kernel = 3,
          .dilation = static_cast<std::size_t>(dilation),
          .causal = causal};
}

template <Kind kind>
LayerPlan recurrent(LayerReader& r) {
  const std::int64_t out = r.in.integer("out", 1, 8192);
  r.afford({4, r.shape[1] + out, out});
  r.shape[1] = out;
  return {.kind = kind};
}

LayerPlan mdn(LayerReader& r) {
  if (r.shape.size() != 1) r.expect(2, "vectors [F] or sequences [T, F]");
  const std::int64_t components = r.in.integer("components", 1, 1024), from = r.shape.back();
  const bool elu = r.in.choice("deviation", {"exp", "elu"}) == "elu";
  r.shape.back() = components * (2 * r.code + 1);
  r.afford({from, r.shape.back()});
  return {.kind = Kind::kMixture,
          .elu_deviation = elu,
          .deviations_from = static_cast<std::size_t>(components * (r.code + 1))};
}

}  // namespace

bool LayerReader::sequence_layer(LayerLayout& layer) {
  static constexpr std::pair<const char*, LayerPlan (*)(LayerReader&)> kKnown[] = {
      {"conv1d", conv1d},
      {"conv1d_transpose", conv1d_transpose},
      {"residual1d", residual1d},
      {"lstm", recurrent<Kind::kLstm>},
      {"gru", recurrent<Kind::kGru>},
      {"mdn", mdn}};
  for (const auto& [word, read] : kKnown) {
    if (layer.word != word) continue;
    if (layer.word != "mdn") expect(2, "sequences [T, F]");
    layer.plan = read(*this);
    return true;
  }
  return false;
}

}  // namespace ombra::model
