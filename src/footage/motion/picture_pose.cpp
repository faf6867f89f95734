#include "footage/motion/picture_pose.hpp"

#include "footage/motion/filters.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ombra::train {
namespace {

constexpr double kDriftS = 1.0;
constexpr float kAnkleHeight = 0.08f, kToeHeight = 0.025f;  // of a standing foot's joints above the floor, m

std::vector<Pose3> resample(const MotionClip& clip, double fps) {
  const auto count = static_cast<std::size_t>(static_cast<double>(clip.frames.size()) / clip.fps * fps);
  std::vector<Pose3> out(std::max<std::size_t>(count, 1));
  for (std::size_t t = 0; t < out.size(); ++t) {
    const double at = std::min(static_cast<double>(t) / fps * clip.fps, static_cast<double>(clip.frames.size() - 1));
    const auto i = std::min(static_cast<std::size_t>(at), clip.frames.size() - 2);
    const auto f = static_cast<float>(at - static_cast<double>(i));
    for (std::size_t j = 0; j < kJoints; ++j) {
      const Joint3 &a = clip.frames[i][j], &b = clip.frames[i + 1][j];
      out[t][j] = {a.x + f * (b.x - a.x), a.y + f * (b.y - a.y), a.z + f * (b.z - a.z)};
    }
  }
  return out;
}

// -> angle that turns the median shoulder line into the picture plane, the dancer's left to the viewer's right
double facing_angle(std::span<const Pose3> poses) {
  std::vector<double> x, z;
  for (const Pose3& pose : poses) {
    x.push_back(pose[kLShoulder].x - pose[kRShoulder].x);
    z.push_back(pose[kLShoulder].z - pose[kRShoulder].z);
  }
  return std::atan2(quantile(std::move(z), 0.5), quantile(std::move(x), 0.5));
}

// About the vertical, radians: by a quarter turn what was in front is at the viewer's right.
void turn(std::vector<Pose3>& poses, double angle) {
  const auto c = static_cast<float>(std::cos(angle)), s = static_cast<float>(std::sin(angle));
  for (Pose3& pose : poses) {
    for (Joint3& joint : pose) joint = {c * joint.x + s * joint.z, joint.y, c * joint.z - s * joint.x};
  }
}

// Applies filter to every coordinate in the picture over time.
template <typename Filter>
void filter_poses(std::vector<Pose3>& poses, Filter filter) {
  std::vector<double> track(poses.size());
  for (std::size_t j = 0; j < kJoints; ++j) {
    for (float Joint3::*axis : {&Joint3::x, &Joint3::y}) {
      for (std::size_t t = 0; t < poses.size(); ++t) track[t] = poses[t][j].*axis;
      const std::vector<double> smooth = filter(track);
      for (std::size_t t = 0; t < poses.size(); ++t) poses[t][j].*axis = static_cast<float>(smooth[t]);
    }
  }
}

float lowest(const Pose3& pose) {
  return std::min({pose[kLAnkle].y - kAnkleHeight, pose[kRAnkle].y - kAnkleHeight, pose[kLBigToe].y - kToeHeight,
                   pose[kRBigToe].y - kToeHeight});
}

}  // namespace

std::vector<Pose3> to_space(const MotionClip& clip, double fps) {
  std::vector<Pose3> poses = resample(clip, fps);
  if (clip.dims == 2) {
    filter_poses(poses,
                 [&](const std::vector<double>& v) { return gaussian_filter(median_filter(v, 5), 0.8 / 30.0 * fps); });
  } else {
    turn(poses, facing_angle(poses));
  }
  std::vector<double> low;
  for (const Pose3& pose : poses) low.push_back(lowest(pose));
  const auto floor = static_cast<float>(quantile(std::move(low), 0.05));
  for (Pose3& pose : poses) {
    for (Joint3& joint : pose) joint.y -= floor;
  }
  return poses;
}

std::vector<Pose3> seen_from(std::span<const Pose3> space, double fps, double yaw_degrees) {
  std::vector<Pose3> poses(space.begin(), space.end());
  if (yaw_degrees != 0.0) turn(poses, yaw_degrees * std::numbers::pi / 180.0);
  for (float Joint3::*axis : {&Joint3::x, &Joint3::z}) {
    std::vector<double> hip;
    for (const Pose3& pose : poses) hip.push_back(pose[kHip].*axis);
    const std::vector<double> drift = gaussian_filter(hip, kDriftS * fps);
    for (std::size_t t = 0; t < poses.size(); ++t) {
      for (Joint3& joint : poses[t]) joint.*axis -= static_cast<float>(drift[t]);
    }
  }
  return poses;
}

std::vector<Pose2> flat(std::span<const Pose3> poses) {
  std::vector<Pose2> out(poses.size());
  for (std::size_t t = 0; t < poses.size(); ++t) {
    for (std::size_t j = 0; j < kJoints; ++j) out[t][j] = {poses[t][j].x, poses[t][j].y};
  }
  return out;
}

std::vector<Pose2> to_picture(const MotionClip& clip, double fps, double yaw_degrees) {
  return flat(seen_from(to_space(clip, fps), fps, clip.dims == 2 ? 0.0 : yaw_degrees));
}

template <typename Pose>
static std::vector<Pose> mirror_image(std::span<const Pose> poses) {
  std::vector<Pose> out(poses.size());
  for (std::size_t t = 0; t < poses.size(); ++t) {
    for (int j = 0; j < kJoints; ++j) {
      out[t][static_cast<std::size_t>(j)] = poses[t][static_cast<std::size_t>(mirrored_joint(j))];
      out[t][static_cast<std::size_t>(j)].x *= -1.0f;
    }
  }
  return out;
}

std::vector<Pose2> mirrored(std::span<const Pose2> poses) { return mirror_image(poses); }
std::vector<Pose3> mirrored(std::span<const Pose3> poses) { return mirror_image(poses); }

std::vector<double> speed(std::span<const Pose2> poses) {
  std::vector<double> out(poses.size(), 0.0);
  for (std::size_t t = 1; t < poses.size(); ++t) {
    double sum = 0.0;
    for (std::size_t j = 0; j < kJoints; ++j) {
      const double dx = poses[t][j].x - poses[t - 1][j].x, dy = poses[t][j].y - poses[t - 1][j].y;
      sum += dx * dx + dy * dy;
    }
    out[t] = std::sqrt(sum);
  }
  if (out.size() > 1) out[0] = out[1];
  return out;
}

FrameRange active(std::span<const Pose2> poses, double fps) {
  const std::vector<double> v = gaussian_filter(speed(poses), 0.5 * fps);
  double mean = 0.0;
  for (const double x : v) mean += x / static_cast<double>(v.size());
  std::vector<double> moving;
  std::copy_if(v.begin(), v.end(), std::back_inserter(moving), [&](double x) { return x > mean; });
  const double enough = 0.35 * quantile(std::move(moving), 0.5);
  const auto on = [&](double x) { return x > enough; };
  const auto first = std::find_if(v.begin(), v.end(), on);
  if (first == v.end()) return {0, poses.size()};
  const auto last = std::find_if(v.rbegin(), v.rend(), on).base();
  return {static_cast<std::size_t>(first - v.begin()), static_cast<std::size_t>(last - first)};
}

}  // namespace ombra::train
