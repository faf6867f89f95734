#include "model/figure/pose_code.hpp"

#include <cmath>

namespace ombra::model {
namespace {

const float kPlace = std::sqrt(static_cast<float>(kJoints));  // the hip takes all joints along

const Joint3& at(const Pose3& pose, int joint) { return pose[static_cast<std::size_t>(joint)]; }

}  // namespace

float heading_of(const Pose3& pose) {
  const auto across = [&](float Joint3::*axis) {
    return at(pose, kLShoulder).*axis - at(pose, kRShoulder).*axis + at(pose, kLHip).*axis - at(pose, kRHip).*axis;
  };
  return std::atan2(-across(&Joint3::z), across(&Joint3::x));
}

Joint3 turned(const Joint3& j, float yaw) {
  const float c = std::cos(yaw), s = std::sin(yaw);
  return {c * j.x + s * j.z, j.y, c * j.z - s * j.x};
}

void encode(const PoseCode& how, const Pose3& pose, std::span<float> code) {
  const std::size_t components = how.components();
  const float heading = heading_of(pose), over = 1.0f / how.scale;
  const Joint3 hip = at(pose, kHip);
  for (float& z : code) z = 0.0f;
  for (std::size_t j = 0; j < pose.size(); ++j) {
    const Joint3 own = turned({pose[j].x - hip.x, pose[j].y - hip.y, pose[j].z - hip.z}, -heading);
    const float numbers[] = {own.x, own.y, own.z};
    for (std::size_t k = 0; k < 3; ++k) {
      const float off = (numbers[k] - how.mean[3 * j + k]) * over;
      const float* row = how.basis.data() + (3 * j + k) * components;
      for (std::size_t b = 0; b < components; ++b) code[b] += off * row[b];
    }
  }
  float* carriage = code.data() + components;
  carriage[0] = (std::cos(heading) - how.middle[0]) * how.reach * over;
  carriage[1] = (std::sin(heading) - how.middle[1]) * how.reach * over;
  const float place[] = {hip.x, hip.y, hip.z};
  for (std::size_t k = 0; k < 3; ++k) carriage[2 + k] = (place[k] - how.middle[2 + k]) * kPlace * over;
}

Carried carried_by(const PoseCode& how, std::span<const float> code) {
  const float* carriage = code.data() + how.components();
  const auto place = [&](std::size_t k) { return carriage[2 + k] * how.scale / kPlace + how.middle[2 + k]; };
  return {std::atan2(carriage[1] * how.scale / how.reach + how.middle[1],
                     carriage[0] * how.scale / how.reach + how.middle[0]),
          {place(0), place(1), place(2)}};
}

Pose3 decode(const PoseCode& how, std::span<const float> code) {
  const std::size_t components = how.components();
  const auto [heading, hip] = carried_by(how, code);
  Pose3 pose;
  for (std::size_t j = 0; j < pose.size(); ++j) {
    float numbers[3];
    for (std::size_t k = 0; k < 3; ++k) {
      const float* row = how.basis.data() + (3 * j + k) * components;
      float sum = 0.0f;
      for (std::size_t b = 0; b < components; ++b) sum += row[b] * code[b];
      numbers[k] = how.mean[3 * j + k] + how.scale * sum;
    }
    const Joint3 own = turned({numbers[0], numbers[1], numbers[2]}, heading);
    pose[j] = {own.x + hip.x, own.y + hip.y, own.z + hip.z};
  }
  return pose;
}

JointHeight height_of(const PoseCode& how, Joint joint) {
  const std::size_t components = how.components(), axes = how.in_space() ? 3 : 2,
                    y = axes * static_cast<std::size_t>(joint) + 1;
  JointHeight height{how.mean[y], {}};
  for (std::size_t b = 0; b < components; ++b)
    height.slope.push_back(static_cast<double>(how.scale * how.basis[y * components + b]));
  if (!how.in_space()) return height;
  height.middle += how.middle[3];
  height.slope.insert(height.slope.end(), {0.0, 0.0, 0.0, static_cast<double>(how.scale / kPlace), 0.0});
  return height;
}

void shift(const PoseCode& how, float x, float y, float z, std::span<float> code) {
  float* const place = code.data() + how.components() + 2;
  place[0] += x * kPlace / how.scale, place[1] += y * kPlace / how.scale, place[2] += z * kPlace / how.scale;
}

std::vector<float> upwards(const PoseCode& how) {
  std::vector<float> up(how.size(), 0.0f);
  const std::size_t components = how.components();
  if (how.in_space()) {
    up[components + 3] = kPlace / how.scale;
    return up;
  }
  for (std::size_t y = 1; y < how.mean.size(); y += 2) {
    for (std::size_t b = 0; b < components; ++b) up[b] += how.basis[y * components + b] / how.scale;
  }
  return up;
}

}  // namespace ombra::model
