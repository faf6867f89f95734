#include "evaluate/judges/seen_space.hpp"

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr double kSpread = 24.0;  // variance of all components together, as in guided codes

// Joints in space or in the plane -> in the plane, [T, 40]
Tensor flat(const Tensor& poses) {
  if (poses.size(1) == model::kPoseNumbers) return poses;
  return poses.view({-1, model::kJoints, 3}).narrow(2, 0, 2).reshape({-1, model::kPoseNumbers});
}

}  // namespace

SeenSpace::SeenSpace(model::Painter painter, const Tensor& footage) : painter_(std::move(painter)) {
  if (footage.size(0) == 0) return;
  const torch::NoGradGuard no_grad;
  const Tensor x = footage.to(torch::kDouble);
  mean_ = x.mean(0);
  const Tensor centred = x - mean_;
  auto [variance, vectors] = torch::linalg_eigh(centred.t().matmul(centred) / static_cast<double>(x.size(0)));
  basis_ = (vectors.flip(1) / (variance.sum() / kSpread).sqrt()).to(torch::kFloat);
  mean_ = mean_.to(torch::kFloat);
}

Tensor SeenSpace::operator()(const Tensor& codes) const {
  if (!basis_.defined()) return codes;
  const torch::NoGradGuard no_grad;
  return (flat(painter_->pose_of(codes)) - mean_).matmul(basis_);
}

std::vector<Tensor> SeenSpace::operator()(const std::vector<Tensor>& dances) const {
  std::vector<Tensor> seen;
  for (const Tensor& codes : dances) seen.push_back((*this)(codes));
  return seen;
}

}  // namespace ombra::train
