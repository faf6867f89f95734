#pragma once
// Rotations as a rig needs them. Thread: any (values).

#include <glm/glm.hpp>

#include <algorithm>
#include <cmath>

namespace ombra::model {

inline glm::vec3 unit(const glm::vec3& v) {
  const float size = glm::length(v);
  return size > 1e-9f ? v / size : glm::vec3(0.0f, 1.0f, 0.0f);
}

// 0 below a, 1 above b, smooth between
inline float smooth_step(float a, float b, float x) {
  const float t = std::clamp((x - a) / (b - a), 0.0f, 1.0f);
  return t * t * (3.0f - 2.0f * t);
}

// About an axis (any length), radians, by Rodrigues' formula.
inline glm::mat3 turn_about(const glm::vec3& axis, float angle) {
  const glm::vec3 a = unit(axis);
  const float c = std::cos(angle), s = std::sin(angle), k = 1.0f - c;
  return glm::mat3(c + k * a.x * a.x, k * a.x * a.y + s * a.z, k * a.x * a.z - s * a.y,  //
                   k * a.x * a.y - s * a.z, c + k * a.y * a.y, k * a.y * a.z + s * a.x,  //
                   k * a.x * a.z + s * a.y, k * a.y * a.z - s * a.x, c + k * a.z * a.z);
}

inline float angle_between(const glm::vec3& from, const glm::vec3& to) {
  return std::atan2(glm::length(glm::cross(unit(from), unit(to))), glm::dot(unit(from), unit(to)));
}

// The shortest turn that takes one direction to the other, or a share of it.
inline glm::mat3 turn_between(const glm::vec3& from, const glm::vec3& to, float share = 1.0f) {
  const glm::vec3 axis = glm::cross(unit(from), unit(to));
  if (glm::length(axis) < 1e-6f) return glm::mat3(1.0f);
  return turn_about(axis, share * angle_between(from, to));
}

// Columns x, y, z with y along `along` and x as near to `beside` as can be.
inline glm::mat3 basis(const glm::vec3& along, const glm::vec3& beside) {
  const glm::vec3 y = unit(along), x = unit(beside - y * glm::dot(beside, y));
  return glm::mat3(x, y, glm::cross(x, y));
}

// t of the way from one rotation to the other.
inline glm::mat3 turn_part(const glm::mat3& from, const glm::mat3& to, float t) {
  const glm::mat3 d = glm::transpose(from) * to;
  const glm::vec3 w(d[1][2] - d[2][1], d[2][0] - d[0][2], d[0][1] - d[1][0]);
  if (glm::length(w) < 1e-6f) return from;
  const float c = std::clamp(0.5f * (d[0][0] + d[1][1] + d[2][2] - 1.0f), -1.0f, 1.0f);
  return from * turn_about(w, t * std::acos(c));
}

}  // namespace ombra::model
