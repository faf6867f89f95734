#include "train/troupe/outlines.hpp"

namespace ombra::train {

using torch::Tensor;

Tensor outline_loss(const Tensor& drawn, const Tensor& seen, double limit) {
  constexpr double kPixels = 96.0, kEdgePixels = 2.0, kEdgeWeight = 6.0;
  const Tensor wanted = seen.clamp(-limit, limit);
  const Tensor weight = 1.0 + kEdgeWeight * torch::exp(-wanted.abs() * (kPixels / kEdgePixels));
  return kPixels * (weight * (drawn.clamp(-limit, limit) - wanted).abs()).mean({1, 2, 3});
}

Tensor overlaps(const Tensor& drawn, const Tensor& seen) {
  const Tensor a = drawn < 0, b = seen < 0;
  return (a & b).flatten(1).sum(1).to(torch::kFloat) / (a | b).flatten(1).sum(1).clamp_min(1).to(torch::kFloat);
}

}  // namespace ombra::train
