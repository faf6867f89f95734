#include "model/body/sway.hpp"

#include "model/body/rotations.hpp"

#include <cmath>
#include <numbers>

namespace ombra::model {
namespace {

constexpr double kStepS = 1.0 / 240.0;
constexpr double kMomentS = 1e-4;  // shorter than this is no time: what is divided by it is noise
constexpr int kMaxSteps = 240;

}  // namespace

glm::vec3 Sway::step(const glm::vec3& joint, const glm::vec3& hangs, double seconds) {
  if (!begun_ || seconds < kMomentS) {
    if (!begun_) point_ = joint + spec_.length * hangs, velocity_ = glm::vec3(0.0f);
    begun_ = true, joint_ = joint, hangs_ = hangs;
    return unit(point_ - joint_);
  }
  const int steps = std::clamp(static_cast<int>(std::ceil(seconds / kStepS)), 1, kMaxSteps);
  const auto dt = static_cast<float>(seconds / steps);
  const float w = 2.0f * std::numbers::pi_v<float> * spec_.frequency_hz;
  for (int k = 1; k <= steps; ++k) {
    const float t = static_cast<float>(k) / static_cast<float>(steps);
    const glm::vec3 at = joint_ + t * (joint - joint_), down = unit(hangs_ + t * (hangs - hangs_));
    velocity_ += dt * (w * w * (at + spec_.length * down - point_) - 2.0f * spec_.damping * w * velocity_);
    const glm::vec3 before = point_;
    point_ += dt * velocity_;
    glm::vec3 direction = unit(point_ - at);
    const float off = angle_between(down, direction);
    if (off > spec_.most) direction = turn_between(down, direction, spec_.most / off) * down;
    point_ = at + spec_.length * direction;
    velocity_ = (point_ - before) / dt;
  }
  joint_ = joint, hangs_ = hangs;
  return unit(point_ - joint_);
}

}  // namespace ombra::model
