#pragma once
// From poses, one after the other, to what a painter is told of a body (model/figure/body_numbers.hpp): the usual body
// is driven by them, and its hair and skirt swing behind. Thread: one owner.

#include "model/body/chains.hpp"
#include "model/body/drive.hpp"
#include "model/figure/body_numbers.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace ombra::model {

class BodySense {
 public:
  BodySense();

  // The next pose is a beginning: hair and skirt hang at rest.
  void reset();
  // pose: `seconds` after the one before -> numbers [kBodyNumbers]
  void sense(const Pose3& pose, const Footing& footing, const std::array<Curls, 2>& hands, double seconds,
             std::span<float> numbers);

 private:
  Driver driver_;
  std::optional<Chains> chains_;  // begun
  BodyPose body_;
};

// As a camera sees the numbers that is turned about the vertical by yaw, radians: by a quarter turn what was in front
// is at the viewer's right.
void turn_body(std::span<float> numbers, float yaw);

// A point of the usual body as a sum of those vectors: over `share` of a bone's length from where it begins.
// -> [kBodyVectors] factors; beside the hips' height at rest, see kHipsAtRest. Spine and neck, which are no parts, lie
// between those that are.
std::vector<float> point_on_bone(int bone, float share);
inline constexpr float kHipsAtRest = 0.938f;  // m over the floor

}  // namespace ombra::model
