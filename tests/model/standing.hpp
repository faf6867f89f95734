#pragma once
// A pose whose numbers are known. Thread: any.

#include "model/figure/joints.hpp"

#include <cmath>

namespace ombra::model::test {

// Upright, arms a little away from the body, facing +z; feet on y = 0.
inline Pose3 standing() {
  Pose3 p;
  p[kHip] = {0, 0.94f, 0};
  p[kSpine] = {0, 1.17f, 0};
  p[kNeck] = {0, 1.45f, 0};
  p[kHead] = {0, 1.60f, 0.02f};
  for (const int side : {0, 1}) {
    const float s = side == 0 ? 1.0f : -1.0f;
    Joint3* arm = &p[side == 0 ? kLShoulder : kRShoulder];
    arm[0] = {0.17f * s, 1.39f, 0};
    arm[1] = {0.30f * s, 1.16f, 0};
    arm[2] = {0.40f * s, 0.95f, 0.08f};
    arm[3] = {0.43f * s, 0.87f, 0.12f};
    Joint3* leg = &p[side == 0 ? kLHip : kRHip];
    leg[0] = {0.10f * s, 0.92f, 0};
    leg[1] = {0.12f * s, 0.51f, 0.03f};
    leg[2] = {0.14f * s, 0.085f, 0};
    leg[3] = {0.16f * s, 0.025f, 0.14f};
  }
  return p;
}

// Turned about the vertical through x = z = 0, radians: what faced +z faces +x by a quarter turn.
inline Pose3 turned_by(Pose3 pose, float yaw) {
  const float c = std::cos(yaw), s = std::sin(yaw);
  for (Joint3& j : pose) j = {c * j.x + s * j.z, j.y, c * j.z - s * j.x};
  return pose;
}

}  // namespace ombra::model::test
