#include "evaluate/judges/joint_figures.hpp"

#include "model/figure/joints.hpp"

#include <cmath>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr double kDownM = 0.03;

Tensor joints_of(const Tensor& poses) { return poses.to(torch::kFloat).view({-1, model::kJoints, 3}); }

// [T, J, 3] -> [T - 1, J, 3] m/s
Tensor velocities(const Tensor& joints, double fps) { return (joints.slice(0, 1) - joints.slice(0, 0, -1)) * fps; }

// x and z, or whatever numbers are left of the last three: [..., 3] -> [...]
Tensor along_the_floor(const Tensor& v) { return (v.select(-1, 0).square() + v.select(-1, 2).square()).sqrt(); }

}  // namespace

double foot_sliding_cm_s(const Tensor& poses, double fps) {
  const Tensor joints = joints_of(poses), speed = along_the_floor(velocities(joints, fps));
  double sum = 0.0, count = 0.0;
  for (const int j : {model::kLAnkle, model::kLBigToe, model::kRAnkle, model::kRBigToe}) {
    const Tensor height = joints.select(1, j).select(1, 1);
    const Tensor down = height < torch::quantile(height, 0.05).item<float>() + kDownM;
    const Tensor stays = down.slice(0, 1).logical_and(down.slice(0, 0, -1)).to(torch::kFloat);
    sum += (speed.select(1, j) * stays).sum().item<double>();
    count += stays.sum().item<double>();
  }
  return count > 0.0 ? 100.0 * sum / count : NAN;
}

double foot_contact_score(const Tensor& poses, double fps) {
  const Tensor velocity = velocities(joints_of(poses), fps);
  Tensor pushed = (velocity.slice(0, 1) - velocity.slice(0, 0, -1)).select(1, model::kHip) * fps;  // [T - 2, 3]
  pushed = torch::stack({pushed.select(1, 0), pushed.select(1, 1).clamp_min(0.0), pushed.select(1, 2)}, 1).norm(2, 1);
  const Tensor speed = velocity.slice(0, 1).norm(2, -1);
  const auto foot = [&](int ankle, int toe) { return torch::minimum(speed.select(1, ankle), speed.select(1, toe)); };
  const Tensor score = pushed * foot(model::kLAnkle, model::kLBigToe) * foot(model::kRAnkle, model::kRBigToe);
  return 100.0 * (score.mean() / pushed.max().clamp_min(1e-9)).item<double>();
}

Tensor kinetic_features(const Tensor& poses, double fps) {
  const Tensor velocity = velocities(joints_of(poses), fps);
  const Tensor acceleration = ((velocity.slice(0, 1) - velocity.slice(0, 0, -1)) * fps).norm(2, -1);
  return torch::cat(
      {along_the_floor(velocity).square().mean(0), velocity.select(-1, 1).square().mean(0), acceleration.mean(0)});
}

double diversity(const Tensor& rows, const Tensor& real) {
  const std::int64_t n = rows.size(0);
  if (n < 2 || real.size(0) < 2) return NAN;
  const Tensor scaled = rows / real.std(0).clamp_min(1e-9);
  return (torch::cdist(scaled.unsqueeze(0), scaled.unsqueeze(0)).sum() / static_cast<double>(n * (n - 1)))
      .item<double>();
}

}  // namespace ombra::train
