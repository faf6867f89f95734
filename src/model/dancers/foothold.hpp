#pragma once
// A foot that stands stays where it is. Moves are joined from pieces, so the body drifts over its standing foot: what
// that foot would slide by is taken from the whole dancer's place, and given back little by little, as long as the
// dancer dances. Steps and quick slides are left alone. Codes in space only. Z code. Thread: one owner.

#include "model/figure/pose_code.hpp"

#include <optional>
#include <span>

namespace ombra::model {

class Foothold {
 public:
  // ticks_per_beat sets how fast what was taken is given back
  Foothold(const PoseCode& code, double ticks_per_beat);

  // One tick's code [Z], its feet on the floor already (grounding.hpp), corrected in place.
  void hold(std::span<float> code);
  void reset() { before_.reset(); }

 private:
  const PoseCode code_;
  const float kept_;  // share of the correction that is left a tick later
  std::optional<Pose3> before_;
  float x_ = 0.0f, z_ = 0.0f;  // m, the correction
};

}  // namespace ombra::model
