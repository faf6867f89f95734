#pragma once
// Dancers made up by the tests: their answers are known.

#include "core/rng.hpp"
#include "footage/motion/motion.hpp"
#include "model/standing.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

namespace ombra::train::test {

using model::test::standing;

// Arms and hips swing from side to side and rest for a moment on every beat.
inline std::vector<Pose3> dance(double seconds, double fps, double bpm, double first_beat_s = 0.0) {
  std::vector<Pose3> frames;
  for (int t = 0; t < static_cast<int>(seconds * fps); ++t) {
    const double beats = (t / fps - first_beat_s) * bpm / 60.0, whole = std::floor(beats), part = beats - whole;
    const double eased = part * part * (3.0 - 2.0 * part);  // still at both ends
    const double from = std::fmod(std::abs(whole), 2.0) < 0.5 ? -1.0 : 1.0;
    const auto swing = static_cast<float>(from * (1.0 - 2.0 * eased));
    Pose3 p = standing();
    for (int j = 0; j < kJoints; ++j) {
      if (j < kLHip) p[static_cast<std::size_t>(j)].x += 0.12f * swing;
    }
    for (const Joint j : {kLElbow, kLWrist, kLHand, kRElbow, kRWrist, kRHand}) {
      p[j].x += 0.25f * swing;
      p[j].y += 0.3f + 0.2f * swing;
    }
    frames.push_back(p);
  }
  return frames;
}

// A body with random joint angles, seen in the picture plane: any pose a dancer could take, and some that none could.
inline Pose2 random_pose(Rng& rng) {
  const auto bone = [&](Joint2 from, double length, double angle_low, double angle_high) {
    const double angle = rng.uniform(angle_low, angle_high), tilt = rng.uniform(-1.2, 1.2);  // tilt: out of the plane
    const double seen = length * std::cos(tilt);
    return Joint2{from.x + static_cast<float>(seen * std::sin(angle)),
                  from.y - static_cast<float>(seen * std::cos(angle))};
  };
  constexpr double kPi = std::numbers::pi;
  Pose2 p;
  p[kHip] = {static_cast<float>(rng.uniform(-0.2, 0.2)), static_cast<float>(rng.uniform(0.5, 1.0))};
  p[kSpine] = bone(p[kHip], 0.22, kPi - 0.6, kPi + 0.6);
  p[kNeck] = bone(p[kSpine], 0.25, kPi - 0.6, kPi + 0.6);
  p[kHead] = bone(p[kNeck], 0.16, kPi - 0.8, kPi + 0.8);
  const double facing = rng.uniform(-1.0, 1.0);
  for (const int side : {0, 1}) {
    const auto s = static_cast<float>((side == 0 ? 1.0 : -1.0) * facing);
    const std::size_t arm = side == 0 ? kLShoulder : kRShoulder, leg = side == 0 ? kLHip : kRHip;
    p[arm] = {p[kNeck].x + 0.18f * s, p[kNeck].y - 0.04f};
    p[arm + 1] = bone(p[arm], 0.28, -kPi, kPi);
    p[arm + 2] = bone(p[arm + 1], 0.24, -kPi, kPi);
    const float share = 0.09f / 0.24f;
    p[arm + 3] = {p[arm + 2].x + share * (p[arm + 2].x - p[arm + 1].x),
                  p[arm + 2].y + share * (p[arm + 2].y - p[arm + 1].y)};
    p[leg] = {p[kHip].x + 0.09f * s, p[kHip].y - 0.03f};
    p[leg + 1] = bone(p[leg], 0.42, -1.6, 1.6);
    p[leg + 2] = bone(p[leg + 1], 0.42, -1.2, 1.2);
    p[leg + 3] = bone(p[leg + 2], 0.14, -1.6, 1.6);
  }
  return p;
}

// TRC as pose estimators write it: names[i] is joint joints[i] of the frames.
inline std::string trc_text(const std::vector<Pose3>& frames, double fps, const std::vector<std::string>& names,
                            const std::vector<int>& joints, const std::string& unit = "m", double scale = 1.0) {
  std::string text = "PathFileType\t4\t(X/Y/Z)\ttest.trc\nDataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\n";
  text += fmt::format("{:f}\t{:f}\t{}\t{}\t{}\nFrame#\tTime\t", fps, fps, frames.size(), names.size(), unit);
  for (const std::string& name : names) text += name + "\t\t\t";
  text += "\n\t\tX1\tY1\tZ1\n";
  for (std::size_t t = 0; t < frames.size(); ++t) {
    text += fmt::format("{}\t{:.5f}", t + 1, static_cast<double>(t) / fps);
    for (const int j : joints) {
      const Joint3& p = frames[t][static_cast<std::size_t>(j)];
      text += fmt::format("\t{:.5f}\t{:.5f}\t{:.5f}", p.x * scale, p.y * scale, p.z * scale);
    }
    text += "\n";
  }
  return text;
}

// The same with all twenty joints under our own names.
inline std::string trc_text(const std::vector<Pose3>& frames, double fps) {
  std::vector<std::string> names;
  std::vector<int> joints;
  for (int j = 0; j < kJoints; ++j) {
    names.emplace_back(joint_name(j));
    joints.push_back(j);
  }
  return trc_text(frames, fps, names, joints);
}

}  // namespace ombra::train::test
