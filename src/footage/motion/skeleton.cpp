#include "footage/motion/skeleton.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "footage/motion/joint_names.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

namespace ombra::train {
namespace {

constexpr std::string_view kNames[kJoints] = {
    "Hip",    "Spine", "Neck", "Head",  "LShoulder", "LElbow",  "LWrist", "LHand", "RShoulder", "RElbow",
    "RWrist", "RHand", "LHip", "LKnee", "LAnkle",    "LBigToe", "RHip",   "RKnee", "RAnkle",    "RBigToe"};

// Parts of kStatureMetres, after Drillis and Contini's table as given by Winter, "Biomechanics and Motor Control"
// (2009).
constexpr float kHeadCentre = 0.16f;  // neck to the middle of the head, m
constexpr float kHandLength = 0.09f;  // wrist to the knuckles
constexpr float kSoleBelowAnkle = 0.08f, kCrownAboveNeck = 0.27f;

Joint3 operator+(Joint3 a, Joint3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
Joint3 operator-(Joint3 a, Joint3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
Joint3 operator*(float s, Joint3 a) { return {s * a.x, s * a.y, s * a.z}; }
float dot(Joint3 a, Joint3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
float length(Joint3 a) { return std::sqrt(dot(a, a)); }
Joint3 unit(Joint3 a) { return (1.0f / std::max(length(a), 1e-6f)) * a; }
Joint3 cross(Joint3 a, Joint3 b) { return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x}; }
bool finite(Joint3 a) { return std::isfinite(a.x) && std::isfinite(a.y) && std::isfinite(a.z); }

double median(std::vector<double> values) {
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double bone(const MotionClip& clip, Joint a, Joint b) {
  std::vector<double> lengths;
  for (const Pose3& pose : clip.frames) {
    const float l = length(pose[a] - pose[b]);
    if (std::isfinite(l)) lengths.push_back(l);
  }
  if (lengths.empty()) return 0.0;
  if (clip.dims == 3) return median(lengths);
  // in a picture bones only ever look too short: the long end of what is seen is their length
  const auto long_end = lengths.begin() + static_cast<std::ptrdiff_t>(0.9 * static_cast<double>(lengths.size() - 1));
  std::nth_element(lengths.begin(), long_end, lengths.end());
  return *long_end;
}

Joint3 middle(const Pose3& pose, Joint a, Joint b) { return 0.5f * (pose[a] + pose[b]); }

// Lines through the gaps of each joint, the nearest value held at both ends; marks joints that have any value.
void fill_gaps(MotionClip& clip) {
  for (int j = 0; j < kJoints; ++j) {
    std::ptrdiff_t last = -1;
    const auto count = static_cast<std::ptrdiff_t>(clip.frames.size());
    const auto at = [&](std::ptrdiff_t t) -> Joint3& {
      return clip.frames[static_cast<std::size_t>(t)][static_cast<std::size_t>(j)];
    };
    for (std::ptrdiff_t t = 0; t < count; ++t) {
      if (!finite(at(t))) continue;
      for (std::ptrdiff_t g = last + 1; g < t; ++g) {
        const float share = static_cast<float>(g - last) / static_cast<float>(t - last);
        at(g) = last < 0 ? at(t) : at(last) + share * (at(t) - at(last));
      }
      last = t;
    }
    clip.known[static_cast<std::size_t>(j)] = last >= 0;
    for (std::ptrdiff_t g = last + 1; last >= 0 && g < count; ++g) at(g) = at(last);
  }
}

// What was looked for, what the file has instead, and how to go on.
std::string about_missing(const MotionClip& clip) {
  std::string looked, example;
  for (int j = 0; j < kJoints; ++j) {
    const int other = mirrored_joint(j);
    if (clip.known[static_cast<std::size_t>(j)] || clear_name(j) == joint_name(j)) continue;
    if (example.empty()) example = clear_name(j);
    const bool both = j > other && !clip.known[static_cast<std::size_t>(other)];  // said of the left one
    if (!both) looked += (looked.empty() ? "looked for " : "; ") + looked_for(j);
  }
  std::string names;
  for (const std::string& name : clip.unused_names) names += fmt::format("{}'{}'", names.empty() ? "" : ", ", name);
  return fmt::format(" ({}{}{})\nhint: rename the file's joints in a text editor: {} is understood", looked,
                     names.empty() ? "" : "; not used: ", names, example);
}

// Fills the trunk's joints that others determine, and checks that the rest is there.
void fill_trunk(MotionClip& clip, const std::string& origin) {
  std::string missing;
  const auto need = [&](Joint j) {
    if (!clip.known[j]) missing += (missing.empty() ? "" : ", ") + std::string(joint_name(j));
  };
  for (const Joint j :
       {kLShoulder, kRShoulder, kLElbow, kRElbow, kLWrist, kRWrist, kLHip, kRHip, kLKnee, kRKnee, kLAnkle, kRAnkle}) {
    need(j);
  }
  if (!missing.empty()) throw error("{}: no joint for {}{}", origin, missing, about_missing(clip));
  for (Pose3& pose : clip.frames) {
    if (!clip.known[kHip]) pose[kHip] = middle(pose, kLHip, kRHip);
    const Joint3 shoulders = middle(pose, kLShoulder, kRShoulder);
    if (!clip.known[kNeck]) pose[kNeck] = shoulders + 0.1f * (shoulders - pose[kHip]);
    if (!clip.known[kSpine]) pose[kSpine] = 0.5f * (pose[kHip] + pose[kNeck]);
  }
}

void turn_upright(MotionClip& clip) {
  Joint3 up{};
  for (const Pose3& pose : clip.frames) up = up + unit(pose[kNeck] - pose[kHip]);
  const bool z_up = clip.dims == 3 && std::abs(up.z) > 2.0f * std::abs(up.y) && std::abs(up.z) > std::abs(up.x);
  const bool y_down = clip.dims == 2 && up.y < 0.0f;  // picture rows count downwards
  for (Pose3& pose : clip.frames) {
    for (Joint3& j : pose) {
      if (z_up) j = {j.x, j.z, -j.y};
      if (y_down) j.y = -j.y;
    }
  }
}

// The foot of a 2-D dancer: across the shin's end, outwards as seen, and to where the knee bends.
Joint3 flat_toe(const Pose3& pose, Joint hip, Joint knee, Joint ankle, float outward) {
  const Joint3 shin = unit(pose[ankle] - pose[knee]);
  const Joint3 leg = pose[ankle] - pose[hip], across{-shin.y, shin.x, 0.0f};
  const Joint3 bend =
      (pose[knee] - pose[hip]) - (dot(pose[knee] - pose[hip], leg) / std::max(dot(leg, leg), 1e-4f)) * leg;
  const float forward = std::clamp(0.06f * outward + 1.2f * dot(bend, across), -0.15f, 0.15f);
  return pose[ankle] + 0.055f * shin + forward * across;
}

void fill_ends(Pose3& pose, const MotionClip& clip) {
  const Joint3 up = unit(pose[kNeck] - pose[kHip]);
  const Joint3 towards = clip.known[kHead] ? unit(pose[kHead] - pose[kNeck]) : up;
  const float seen =
      clip.dims == 2 && clip.known[kHead] ? std::min(length(pose[kHead] - pose[kNeck]), kHeadCentre) : kHeadCentre;
  pose[kHead] = pose[kNeck] + seen * towards;
  const Joint3 side = pose[kLHip] - pose[kRHip];
  const Joint3 level = unit({side.x, 0.0f, side.z});
  const Joint3 forward = cross(level, {0.0f, 1.0f, 0.0f});
  const float facing = std::clamp((pose[kLShoulder].x - pose[kRShoulder].x) / 0.25f, -1.0f, 1.0f);
  struct Side {
    Joint elbow, wrist, hand, hip, knee, ankle, toe;
    float sign;
  };
  for (const Side& s : {Side{kLElbow, kLWrist, kLHand, kLHip, kLKnee, kLAnkle, kLBigToe, 1.0f},
                        Side{kRElbow, kRWrist, kRHand, kRHip, kRKnee, kRAnkle, kRBigToe, -1.0f}}) {
    if (!clip.known[s.hand]) {
      const Joint3 forearm = pose[s.wrist] - pose[s.elbow];
      // seen end-on, a 2-D forearm has no direction: the hand shortens with it
      const float share = clip.dims == 2 ? std::min(1.0f, length(forearm) / 0.12f) : 1.0f;
      pose[s.hand] = pose[s.wrist] + kHandLength * share * unit(forearm);
    }
    if (clip.known[s.toe]) continue;
    if (clip.dims == 2) {
      pose[s.toe] = flat_toe(pose, s.hip, s.knee, s.ankle, s.sign * facing);
    } else {
      const Joint3 shin = unit(pose[s.ankle] - pose[s.knee]);
      const Joint3 ahead = unit(forward + 0.35f * s.sign * level - dot(forward, shin) * shin);
      pose[s.toe] = pose[s.ankle] + 0.055f * shin + 0.13f * ahead;
    }
  }
}

}  // namespace

std::string_view joint_name(int joint) { return kNames[joint]; }

int mirrored_joint(int joint) {
  if (joint < kLShoulder) return joint;
  const int in_limb = (joint - kLShoulder) % 4, limb = (joint - kLShoulder) / 4;
  return kLShoulder + (limb ^ 1) * 4 + in_limb;
}

double stature(const MotionClip& clip) {
  const double legs = 0.5 * (bone(clip, kLHip, kLKnee) + bone(clip, kRHip, kRKnee) + bone(clip, kLKnee, kLAnkle) +
                             bone(clip, kRKnee, kRAnkle));
  const double trunk = bone(clip, kHip, kNeck);
  // the sole below the ankle and the head above the neck are the share of a body that joints do not measure
  return (legs + trunk) / (1.0 - (kSoleBelowAnkle + kCrownAboveNeck) / kStatureMetres);
}

std::string guess_unit(double stature) {
  struct Unit {
    const char* name;
    double metres;
  };
  const Unit* best = nullptr;
  double distance = std::log(1.35);
  static constexpr Unit kUnits[] = {{"m", 1.0}, {"cm", 0.01}, {"mm", 0.001}, {"inch", 0.0254}, {"foot", 0.3048}};
  for (const Unit& unit : kUnits) {
    const double off = std::abs(std::log(std::max(stature, 1e-9) * unit.metres / kStatureMetres));
    if (off < distance) {
      best = &unit;
      distance = off;
    }
  }
  return best ? best->name : "own unit";
}

void complete(MotionClip& clip, const std::string& origin) {
  if (clip.frames.size() < 2) throw error("{}: fewer than two frames\nhint: is the file whole?", origin);
  fill_gaps(clip);
  fill_trunk(clip, origin);
  turn_upright(clip);
  const double height = stature(clip);
  if (!std::isfinite(height) || height < 1e-6 || height > 1e9) {
    throw error("{}: the body has no height ({:g})\nhint: are the joints all at one place?", origin, height);
  }
  log::debug("{}: stature {:.3g}, so the unit is {}", clip.name, height, guess_unit(height));
  const auto scale = static_cast<float>(kStatureMetres / height);
  for (Pose3& pose : clip.frames) {
    for (Joint3& joint : pose) joint = scale * joint;
    fill_ends(pose, clip);
    for (const Joint3& joint : pose) {
      if (!finite(joint) || length(joint) > 1e4f) {
        throw error("{}: a joint {:g} m away from the others\nhint: the file is damaged", origin, length(joint));
      }
    }
  }
}

}  // namespace ombra::train
