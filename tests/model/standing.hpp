#pragma once
// A pose whose numbers are known. Thread: any.

#include "model/figure/joints.hpp"

#include <cmath>

namespace ombra::model::test {

// A grown-up standing upright, arms hanging, facing the viewer; feet on y = 0.
inline Pose3 standing() {
  Pose3 p;
  p[kHip] = {0, 0.95f, 0};
  p[kSpine] = {0, 1.17f, 0};
  p[kNeck] = {0, 1.42f, 0};
  p[kHead] = {0, 1.58f, 0};
  for (const int side : {0, 1}) {
    const float s = side == 0 ? 1.0f : -1.0f;  // the dancer's left is at the viewer's right
    Joint3* arm = &p[side == 0 ? kLShoulder : kRShoulder];
    arm[0] = {0.18f * s, 1.38f, 0};
    arm[1] = {0.22f * s, 1.10f, 0};
    arm[2] = {0.24f * s, 0.86f, 0};
    arm[3] = {0.25f * s, 0.77f, 0};
    Joint3* leg = &p[side == 0 ? kLHip : kRHip];
    leg[0] = {0.09f * s, 0.92f, 0};
    leg[1] = {0.10f * s, 0.50f, 0};
    leg[2] = {0.11f * s, 0.08f, 0};
    leg[3] = {0.15f * s, 0.025f, 0.12f};
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
