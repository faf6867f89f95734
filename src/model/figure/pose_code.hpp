#pragma once
// How a guided code stands for a pose. P pose numbers, B components, Z code. Two kinds:
//   in the picture plane (P = 40: x, y of each joint, metres): code = (pose - mean) basis / scale, Z = B
//   in space (P = 60: x, y, z of each joint relative to the hip, turned so that the dancer faces +z): B components
//     likewise, then five numbers more: where the dancer faces (cosine and sine of the heading) and where the hip is
//     (x, y, z), less their means, weighed so that a distance between codes is a distance between joints over scale,
//     as for the others
// Thread: any (values).

#include "model/figure/joints.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace ombra::model {

inline constexpr std::size_t kCarriage = 5;                               // cosine, sine, x, y, z
inline constexpr std::int64_t kSpaceNumbers = std::int64_t{3} * kJoints;  // P of a pose in space

struct PoseCode {
  std::vector<float> mean, basis;  // [P], [P][B]
  float scale = 1.0f;              // m
  // in space
  std::array<float, kCarriage> middle{};  // means of the last five
  float reach = 0.0f;                     // m: what a turn of one radian moves the joints by, as their 2-norm; 0: flat

  bool in_space() const { return reach > 0.0f; }
  std::size_t components() const { return mean.empty() ? 0 : basis.size() / mean.size(); }  // B
  std::size_t size() const { return components() + (in_space() ? kCarriage : 0); }          // Z
};

// The direction that a dancer faces, radians about the vertical: 0 is +z, a quarter turn is +x.
float heading_of(const Pose3& pose);
// About the vertical, radians: what was at +z is then at +x by a quarter turn.
Joint3 turned(const Joint3& j, float yaw);

// What the last five numbers of a code in space say.
struct Carried {
  float heading = 0.0f;  // radians
  Joint3 hip;            // m
};
Carried carried_by(const PoseCode& how, std::span<const float> code);

// Codes in space only.
void encode(const PoseCode& how, const Pose3& pose, std::span<float> code);
Pose3 decode(const PoseCode& how, std::span<const float> code);

// Height of a joint over the floor, m, which is linear in the code: at code 0, and what each number adds.
struct JointHeight {
  double middle = 0.0;
  std::vector<double> slope;  // [Z]
};
JointHeight height_of(const PoseCode& how, Joint joint);
// A dancer in space, moved by so many metres: code [Z], changed in place.
void shift(const PoseCode& how, float x, float y, float z, std::span<float> code);
// What lifting a pose by one metre adds to its code, [Z]
std::vector<float> upwards(const PoseCode& how);

}  // namespace ombra::model
