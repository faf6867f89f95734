#include "train/troupe/person_space.hpp"

namespace ombra::train {

using torch::Tensor;

PersonSpace::PersonSpace(const Tensor& vectors) {
  const Tensor v = vectors.to(torch::kDouble), middle = v.mean(0);
  const std::int64_t n = v.size(0);
  middle_ = middle.to(torch::kFloat);
  auto [left, spread, axes] = torch::linalg_svd(v - middle, false);
  const Tensor deviation = spread / std::sqrt(std::max(1.0, static_cast<double>(n) - 1.0));
  const std::int64_t known = (deviation > 1e-4 * deviation.max().clamp_min(1e-9)).sum().item<std::int64_t>();
  const std::int64_t r = std::min(known, n - 1);
  axes_ = (axes * deviation.unsqueeze(1)).narrow(0, 0, r).to(torch::kFloat).contiguous();
}

Tensor PersonSpace::place_of(const Tensor& vector) const {
  return (vector - middle_).matmul(axes_.t()) / axes_.pow(2).sum(1);
}

}  // namespace ombra::train
