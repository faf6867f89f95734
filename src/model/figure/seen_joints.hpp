#pragma once
// How far a dancer is seen to move: joints in the picture plane, from the front. A code in space also counts how the
// dancer turns and comes nearer, of which little is seen; stops on the beat are seen ones. Thread: any.

#include "model/figure/pose_code.hpp"

#include <span>
#include <vector>

namespace ombra::model {

class SeenJoints {
 public:
  // Codes in the plane, and those that stand for no pose (an empty PoseCode), are taken as they are.
  explicit SeenJoints(const PoseCode& how);

  // of a code of Z numbers
  std::size_t size(std::size_t z) const { return rows_.empty() ? z : std::size_t{2} * kJoints; }
  // code [Z] -> x and y of each joint over the code's scale [size(Z)]; distances are as those of codes in the plane
  void see(std::span<const float> code, std::span<float> seen) const;

 private:
  PoseCode how_;
  std::vector<float> rows_;  // [B][3][kJoints]: what each component adds to x, y and z of every joint, over the scale
};

}  // namespace ombra::model
