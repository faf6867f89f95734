#pragma once
// A damped pendulum on a joint that moves: hair, hems, the end of a scarf. Its point is drawn towards where it would
// hang, keeps its distance from the joint, and lags behind whatever the joint does. Semi-implicit Euler steps of at
// most 1/240 s. Thread: one owner.

#include <glm/glm.hpp>

namespace ombra::model {

struct SwaySpec {
  float length = 0.1f;        // m, from the joint to the point
  float frequency_hz = 1.0f;  // at which it swings about a joint that rests
  float damping = 0.3f;       // of critical
  float most = 0.9f;          // radians from where it would hang
};

class Sway {
 public:
  explicit Sway(const SwaySpec& spec) : spec_(spec) {}

  // The joint is there now, m, and the point would hang in that direction (unit); both went there evenly in the
  // `seconds` since the last call. The first call puts it there at rest. -> direction of the point, unit
  glm::vec3 step(const glm::vec3& joint, const glm::vec3& hangs, double seconds);

 private:
  const SwaySpec spec_;
  bool begun_ = false;
  glm::vec3 joint_{}, hangs_{}, point_{}, velocity_{};
};

}  // namespace ombra::model
