#include "model/layers/body_tensors.hpp"

#include "model/body/body_sense.hpp"

#include <ATen/Parallel.h>

#include <cstring>

namespace ombra::model {
namespace {

using torch::Tensor;

Tensor plain(const Tensor& x) { return x.detach().to(torch::kCPU, torch::kFloat).contiguous(); }

std::span<float> row(const Tensor& x, std::int64_t i) {
  return {x.data_ptr<float>() + i * x.size(-1), static_cast<std::size_t>(x.size(-1))};
}

void body_of(const PoseCode& how, std::span<const float> code, float foot_pitch, std::span<float> numbers) {
  BodySense sense;
  sense.sense(decode(how, code), {foot_pitch, 0.0f}, {}, 0.0, numbers);
}

// codes [..., Z] -> [N, kBodyNumbers]
Tensor each_body(const Tensor& codes, const PoseCode& how, float foot_pitch) {
  const Tensor from = codes.contiguous().view({-1, codes.size(-1)}), to = torch::empty({from.size(0), kBodyNumbers});
  at::parallel_for(0, from.size(0), 8, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) body_of(how, row(from, i), foot_pitch, row(to, i));
  });
  return to;
}

// What each number of a code adds to a body, [B, Z, kBodyNumbers]
Tensor slopes(const Tensor& codes, const Tensor& bodies, const PoseCode& how, float foot_pitch) {
  constexpr float kStep = 1e-2f;
  const std::int64_t n = codes.size(0), z = codes.size(1);
  const Tensor moved = codes.unsqueeze(1).repeat({1, z, 1}) + kStep * torch::eye(z),
               out = each_body(moved, how, foot_pitch);
  return (out.view({n, z, kBodyNumbers}) - bodies.unsqueeze(1)) / kStep;
}

}  // namespace

Pose3 pose_in(const Tensor& poses, std::int64_t i) {
  Pose3 pose;
  std::memcpy(static_cast<void*>(pose.data()), poses.data_ptr<float>() + i * kSpaceNumbers, sizeof pose);
  return pose;
}

Tensor codes_in_space(const Tensor& poses, const PoseCode& how) {
  const Tensor from = plain(poses).view({-1, kSpaceNumbers});
  const Tensor to = torch::empty({from.size(0), static_cast<std::int64_t>(how.size())});
  for (std::int64_t i = 0; i < from.size(0); ++i) encode(how, pose_in(from, i), row(to, i));
  std::vector<std::int64_t> shape = poses.sizes().vec();
  shape.back() = to.size(1);
  return to.view(shape).to(poses.device());
}

Tensor poses_in_space(const Tensor& codes, const PoseCode& how) {
  const Tensor from = plain(codes).view({-1, codes.size(-1)});
  const Tensor to = torch::empty({from.size(0), kSpaceNumbers});
  for (std::int64_t i = 0; i < from.size(0); ++i) {
    const Pose3 pose = decode(how, row(from, i));
    std::memcpy(row(to, i).data(), pose.data(), sizeof pose);
  }
  std::vector<std::int64_t> shape = codes.sizes().vec();
  shape.back() = kSpaceNumbers;
  return to.view(shape).to(codes.device());
}

Tensor body_numbers(const Tensor& codes, const PoseCode& how, float foot_pitch) {
  const Tensor at = plain(codes), bodies = each_body(at, how, foot_pitch);
  if (!codes.requires_grad() || !torch::GradMode::is_enabled()) return bodies.to(codes.device());
  const Tensor off = (codes - codes.detach()).unsqueeze(1);  // zero, but for its gradient
  return bodies.to(codes.device()) + off.matmul(slopes(at, bodies, how, foot_pitch).to(codes.device())).squeeze(1);
}

}  // namespace ombra::model
