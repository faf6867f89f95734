#pragma once
// Other bodies in other poses, made from two real frames: limbs exchanged, bones longer or shorter, turned, moved.
// The encoder sees these beside the footage and so learns to see poses, not clips. Thread: any.

#include "core/rng.hpp"
#include "model/figure/joints.hpp"

#include <span>

namespace ombra::train {

inline constexpr int kPoseFloats = 2 * model::kJoints;  // (x, y) of each joint, metres

// pose, other: two frames; out: a variation of pose. All kPoseFloats long.
void vary_pose(std::span<const float> pose, std::span<const float> other, Rng& rng, std::span<float> out);

}  // namespace ombra::train
