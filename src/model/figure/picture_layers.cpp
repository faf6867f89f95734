// Layers over pictures [C, H, W].

#include "model/figure/layer_reader.hpp"

namespace ombra::model {
namespace {

using Kind = LayerPlan::Kind;

LayerPlan by_factor(Kind kind, std::int64_t factor) {
  return {.kind = kind, .factor = static_cast<std::size_t>(factor)};
}

LayerPlan conv(LayerReader& r) {
  const std::int64_t out = r.in.integer("out", 1, 8192);
  const std::array<std::int64_t, 2> kernel = r.kernel(3);
  const std::int64_t stride = r.positive("stride", 1);
  const bool same = r.in.choice("padding", {"same", "valid"}) == "same";
  r.afford({r.shape[0], out, kernel[0], kernel[1]});
  for (const std::size_t i : {1u, 2u}) {
    if (!same && r.shape[i] < kernel[i - 1])
      throw r.in.fault("kernel", fmt::format("larger than its input {}", shape_text(r.shape)));
    r.shape[i] = same ? (r.shape[i] + stride - 1) / stride : (r.shape[i] - kernel[i - 1]) / stride + 1;
  }
  r.shape[0] = out;
  return {.kind = Kind::kConv,
          .activation = r.activation("activation"),
          .kernel_height = static_cast<int>(kernel[0]),
          .kernel_width = static_cast<int>(kernel[1]),
          .stride = static_cast<int>(stride),
          .same = same};
}

LayerPlan conv_transpose(LayerReader& r) {
  const std::int64_t out = r.in.integer("out", 1, 8192), kernel = r.positive("kernel", 2),
                     stride = r.positive("stride", 2);
  if (kernel < stride) throw r.in.fault("kernel", "must be at least the stride");
  r.afford({r.shape[0], out, kernel, kernel});
  r.shape = {out, r.shape[1] * stride, r.shape[2] * stride};
  return {.kind = Kind::kConvTranspose,
          .activation = r.activation("activation"),
          .kernel_height = static_cast<int>(kernel),
          .kernel_width = static_cast<int>(kernel),
          .stride = static_cast<int>(stride)};
}

LayerPlan maxpool(LayerReader& r) {
  const std::int64_t size = r.positive("size", 2);
  r.shape = {r.shape[0], (r.shape[1] + size - 1) / size, (r.shape[2] + size - 1) / size};
  return by_factor(Kind::kMaxPool, size);
}

LayerPlan upsample(LayerReader& r) {
  const std::int64_t factor = r.positive("factor", 2);
  LayerPlan plan = by_factor(Kind::kUpsample, factor);
  plan.bilinear = r.in.choice("mode", {"nearest", "bilinear"}) == "bilinear";
  r.shape = {r.shape[0], r.shape[1] * factor, r.shape[2] * factor};
  return plan;
}

LayerPlan crop(LayerReader& r) {
  const Shape to = r.in.integers("size", 1, 8192);
  if (to.size() != 2 || to[0] > r.shape[1] || to[1] > r.shape[2])
    throw r.in.fault("size", fmt::format("expected [height, width] within {}", shape_text(r.shape)));
  r.shape = {r.shape[0], to[0], to[1]};
  return {.kind = Kind::kCrop, .shape = to};
}

LayerPlan pixel_shuffle(LayerReader& r) {
  const std::int64_t factor = r.positive("factor", 2);
  if (r.shape[0] % (factor * factor) != 0)
    throw r.in.fault("factor", fmt::format("its square must divide the channels of {}", shape_text(r.shape)));
  r.shape = {r.shape[0] / (factor * factor), r.shape[1] * factor, r.shape[2] * factor};
  return by_factor(Kind::kPixelShuffle, factor);
}

}  // namespace

bool LayerReader::picture_layer(LayerLayout& layer) {
  static constexpr std::pair<const char*, LayerPlan (*)(LayerReader&)> kKnown[] = {
      {"conv", conv}, {"conv_transpose", conv_transpose}, {"maxpool", maxpool}, {"upsample", upsample},
      {"crop", crop}, {"pixel_shuffle", pixel_shuffle}};
  for (const auto& [word, read] : kKnown) {
    if (layer.word != word) continue;
    expect(3, "pictures [C, H, W]");
    layer.plan = read(*this);
    return true;
  }
  return false;
}

}  // namespace ombra::model
