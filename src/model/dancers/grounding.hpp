#pragma once
// Keeps a dancer's feet on the floor: follows the lowest point of the feet, quickly down and slowly up (hops stay
// hops), and lifts or lowers the whole pose by it. A guided code is linear in the joints, so this is one added vector.
// Z code. Thread: one owner.

#include "model/figure/pose_code.hpp"

#include <array>
#include <span>
#include <vector>

namespace ombra::model {

// Joints over the soles, and how high they are where a foot stands, m, as the footage is prepared.
struct Sole {
  Joint joint;
  float height;
};
inline constexpr std::array<Sole, 4> kSoles = {
    {{kLAnkle, 0.08f}, {kRAnkle, 0.08f}, {kLBigToe, 0.02f}, {kRBigToe, 0.02f}}};

class Grounding {
 public:
  // ticks_per_beat sets how fast it follows: two beats up, two ticks down
  Grounding(const PoseCode& code, double ticks_per_beat);

  // One tick's code [Z], corrected in place.
  void ground(std::span<float> code);
  void reset() { fresh_ = true; }
  // Height of the feet's lowest point above the floor, metres
  double lowest(std::span<const float> code) const;

 private:
  std::array<JointHeight, kSoles.size()> feet_;  // of the sole under each joint
  std::vector<float> up_;                        // what one metre upwards adds to the code
  double rise_, floor_ = 0.0;
  bool fresh_ = true;
};

}  // namespace ombra::model
