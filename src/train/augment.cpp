#include "train/augment.hpp"

#include "model/figure/joints.hpp"

#include <array>
#include <cmath>

namespace ombra::train {
namespace {

using model::kJoints;
// Bones that share a length factor on both sides.
constexpr std::array<int, kJoints> kBone = {0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7, 8, 9, 10, 11, 8, 9, 10, 11};
enum Limb { kTrunk, kLeftArm, kRightArm, kLeftLeg, kRightLeg, kLimbs };

Limb limb_of(int joint) {
  if (joint < model::kLShoulder) return kTrunk;
  if (joint < model::kRShoulder) return kLeftArm;
  if (joint < model::kLHip) return kRightArm;
  return joint < model::kRHip ? kLeftLeg : kRightLeg;
}

}  // namespace

void vary_pose(std::span<const float> pose, std::span<const float> other, Rng& rng, std::span<float> out) {
  std::array<bool, kLimbs> exchanged{};
  for (const Limb limb : {kLeftArm, kRightArm}) exchanged[limb] = rng.uniform() < 0.3;
  exchanged[kLeftLeg] = exchanged[kRightLeg] = rng.uniform() < 0.3;
  std::array<float, 12> length{};
  for (float& f : length) f = static_cast<float>(1.0 + 0.06 * rng.normal());
  const double turn = 0.06 * rng.normal(), size = 1.0 + 0.04 * rng.normal();
  const double squash = rng.uniform() < 0.3 ? rng.uniform(0.75, 1.05) : 1.0;
  const auto c = static_cast<float>(std::cos(turn) * size), s = static_cast<float>(std::sin(turn) * size);
  const auto across = static_cast<float>(squash);

  out[0] = pose[0] + static_cast<float>(0.03 * rng.normal());
  out[1] = pose[1] * static_cast<float>(size) + static_cast<float>(0.015 * rng.normal());
  for (std::size_t j = 1; j < kJoints; ++j) {
    const std::span<const float> from =
        exchanged[static_cast<std::size_t>(limb_of(static_cast<int>(j)))] ? other : pose;
    const auto p = static_cast<std::size_t>(model::kParentJoint[j]);
    const float f = length[static_cast<std::size_t>(kBone[j])];
    const float dx = (from[2 * j] - from[2 * p]) * f * across, dy = (from[2 * j + 1] - from[2 * p + 1]) * f;
    out[2 * j] = out[2 * p] + c * dx - s * dy;
    out[2 * j + 1] = out[2 * p + 1] + s * dx + c * dy;
  }
}

}  // namespace ombra::train
