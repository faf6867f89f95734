#include "evaluate/figures.hpp"

namespace ombra::train {

using torch::Tensor;

namespace {
constexpr std::int64_t kDimensions = 16;

Tensor covariance(const Tensor& x) {
  const Tensor centred = x - x.mean(0);
  return centred.t().matmul(centred) / static_cast<double>(x.size(0) - 1);
}
}  // namespace

Tensor speeds(const Tensor& codes) { return (codes.slice(0, 1) - codes.slice(0, 0, -1)).norm(2, 1); }

Tensor window_features(const Tensor& codes, int frames_per_second) {
  if (codes.size(0) < frames_per_second) return torch::empty({0, 3 * kDimensions});
  const Tensor w =
      codes.unfold(0, frames_per_second, frames_per_second / 2).narrow(1, 0, std::min(kDimensions, codes.size(1)));
  const Tensor steps = (w.slice(2, 1) - w.slice(2, 0, -1)).abs();
  return torch::cat({w.mean(2), w.std(2), steps.mean(2)}, 1);
}

double frechet_distance(const Tensor& a, const Tensor& b) {
  const Tensor x = a.to(torch::kDouble), y = b.to(torch::kDouble);
  const Tensor cx = covariance(x), cy = covariance(y);
  // tr (Cx Cy)^(1/2) = sum of the roots of the eigenvalues of Cx^(1/2) Cy Cx^(1/2), which is symmetric
  auto [values, vectors] = torch::linalg_eigh(cx);
  const Tensor root = vectors.matmul(torch::diag(values.clamp_min(0.0).sqrt())).matmul(vectors.t());
  const Tensor joint = torch::linalg_eigvalsh(root.matmul(cy).matmul(root)).clamp_min(0.0).sqrt();
  return ((x.mean(0) - y.mean(0)).pow(2).sum() + cx.trace() + cy.trace() - 2.0 * joint.sum()).item<double>();
}

double frozen_share(const Tensor& codes, int frames_per_second, double mean_speed) {
  const Tensor v = speeds(codes);
  const std::int64_t seconds = v.size(0) / frames_per_second;
  if (seconds == 0) return 0.0;
  const Tensor mean = v.narrow(0, 0, seconds * frames_per_second).view({seconds, frames_per_second}).mean(1);
  return (mean < 0.25 * mean_speed).to(torch::kDouble).mean().item<double>();
}

Tensor second_windows(const Tensor& codes, int frames_per_second, std::int64_t stride) {
  if (codes.size(0) < frames_per_second) return torch::empty({0, 10 * codes.size(1)});
  const Tensor w = codes.unfold(0, frames_per_second, stride);  // [W, Z, frames]
  const Tensor at = (torch::arange(10) * frames_per_second / 10).to(torch::kLong);
  return w.index_select(2, at).flatten(1).contiguous();
}

double nearest_distance(const Tensor& windows, const Tensor& known) {
  double sum = 0.0;
  for (std::int64_t i = 0; i < windows.size(0); i += 256) {
    const Tensor part = windows.narrow(0, i, std::min<std::int64_t>(256, windows.size(0) - i));
    const Tensor square = part.pow(2).sum(1, true) + known.pow(2).sum(1).unsqueeze(0) - 2.0 * part.matmul(known.t());
    sum += std::get<0>(square.clamp_min(0.0).min(1)).sqrt().sum().item<double>();
  }
  return sum / static_cast<double>(std::max<std::int64_t>(1, windows.size(0))) / std::sqrt(10.0);
}

std::vector<double> speed_list(const Tensor& codes) {
  const Tensor v = speeds(codes).to(torch::kDouble).contiguous();
  std::vector<double> list(v.data_ptr<double>(), v.data_ptr<double>() + v.numel());
  list.insert(list.begin(), list.empty() ? 0.0 : list.front());
  return list;
}

}  // namespace ombra::train
