#include "evaluate/picture_space.hpp"

#include "core/error.hpp"

namespace ombra::train {

using torch::Tensor;

namespace {
constexpr double kSpread = 24.0;  // sum of the variances of codes
}  // namespace

PictureSpace::PictureSpace(const Tensor& small) {
  const torch::NoGradGuard no_grad;
  OMBRA_ASSERT(small.dim() == 2 && small.size(1) == kSide * kSide);
  if (small.size(0) < 2)
    throw error("the data set has no training pictures to compare dances with\nhint: ombra prepare more footage");
  const std::int64_t n = std::min(small.size(0), kMaxFitted);
  const Tensor even = (torch::arange(n, torch::kDouble) * (static_cast<double>(small.size(0)) / static_cast<double>(n)))
                          .floor()
                          .to(torch::kLong);
  const Tensor x = small.index_select(0, even).to(torch::kDouble), mean = x.mean(0), centred = x - mean;
  const auto [variance, vectors] =
      torch::linalg_eigh(centred.t().matmul(centred) / static_cast<double>(n));  // ascending
  const Tensor kept = variance.slice(0, -kParts);
  explained_ = (kept.sum() / variance.sum().clamp_min(1e-12)).item<double>();
  const double scale = std::sqrt(std::max(kept.sum().item<double>(), 1e-12) / kSpread);
  mean_ = mean.to(torch::kFloat);
  basis_ = (vectors.flip(1).narrow(1, 0, kParts) / scale).to(torch::kFloat);
}

Tensor PictureSpace::small(const Tensor& fields) {
  const torch::NoGradGuard no_grad;
  return torch::adaptive_avg_pool2d(fields.clamp(-kReach, kReach), {kSide, kSide}).flatten(1) / kReach;
}

Tensor PictureSpace::codes_of(const Tensor& small) const {
  const torch::NoGradGuard no_grad;
  return (small - mean_).matmul(basis_);
}

}  // namespace ombra::train
