#include "footage/motion/picture_pose.hpp"

#include "footage/motion/filters.hpp"
#include "train/synthetic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace ombra::train {
namespace {

MotionClip clip_of(std::vector<Pose3> frames, double fps, int dims = 3) {
  MotionClip clip;
  clip.fps = fps;
  clip.dims = dims;
  clip.frames = std::move(frames);
  return clip;
}

void turn(MotionClip& clip, double degrees) {
  const double a = degrees * std::numbers::pi / 180.0;
  const auto c = static_cast<float>(std::cos(a)), s = static_cast<float>(std::sin(a));
  for (Pose3& pose : clip.frames) {
    for (Joint3& j : pose) j = {c * j.x + s * j.z, j.y, c * j.z - s * j.x};
  }
}

double largest_difference(const std::vector<Pose2>& a, const std::vector<Pose2>& b) {
  double worst = a.size() == b.size() ? 0.0 : 1e9;
  for (std::size_t t = 0; t < std::min(a.size(), b.size()); ++t) {
    for (std::size_t j = 0; j < kJoints; ++j)
      worst = std::max<double>(worst, std::hypot(a[t][j].x - b[t][j].x, a[t][j].y - b[t][j].y));
  }
  return worst;
}

TEST(PicturePose, TheDancerFacesTheCameraHoweverSheWasRecorded) {
  const MotionClip straight = clip_of(test::dance(4.0, 60.0, 120.0), 60.0);
  MotionClip turned = straight;
  turn(turned, 70.0);
  EXPECT_LT(largest_difference(to_picture(straight, 30.0, 0.0), to_picture(turned, 30.0, 0.0)), 1e-3);
  EXPECT_GT(to_picture(turned, 30.0, 0.0)[0][kLShoulder].x, to_picture(turned, 30.0, 0.0)[0][kRShoulder].x);
}

TEST(PicturePose, YawTurnsTheCamera) {
  const MotionClip clip = clip_of(std::vector<Pose3>(60, test::standing()), 30.0);
  const auto width = [&](double yaw) {
    const Pose2 pose = to_picture(clip, 30.0, yaw)[0];
    return pose[kLShoulder].x - pose[kRShoulder].x;
  };
  EXPECT_NEAR(width(0.0), 0.36, 1e-4);
  EXPECT_NEAR(width(60.0), 0.18, 1e-4);
  EXPECT_NEAR(width(90.0), 0.0, 1e-4);
  const Pose2 side = to_picture(clip, 30.0, 90.0)[0];
  EXPECT_GT(std::abs(side[kLBigToe].x - side[kLAnkle].x), 0.1) << "feet are long from the side";
}

TEST(PicturePose, StandsOnTheFloorInTheMiddle) {
  std::vector<Pose3> frames(300, test::standing());
  for (std::size_t t = 0; t < frames.size(); ++t) {
    for (Joint3& j : frames[t]) j = {j.x + 0.005f * static_cast<float>(t), j.y + 3.0f, j.z};  // walks off, on a stage
  }
  const std::vector<Pose2> poses = to_picture(clip_of(frames, 30.0), 30.0, 0.0);
  EXPECT_NEAR(poses[150][kLAnkle].y, 0.08, 0.01);
  EXPECT_NEAR(poses[150][kHip].x, 0.0, 0.01) << "slow drift is taken out";
}

TEST(PicturePose, ResamplesToTheRateThatIsAskedFor) {
  const std::vector<Pose2> half = to_picture(clip_of(test::dance(2.0, 60.0, 120.0), 60.0), 30.0, 0.0);
  const std::vector<Pose2> whole = to_picture(clip_of(test::dance(2.0, 60.0, 120.0), 60.0), 60.0, 0.0);
  ASSERT_EQ(half.size(), 60u);
  ASSERT_EQ(whole.size(), 120u);
  EXPECT_NEAR(half[20][kLHand].y, whole[40][kLHand].y, 1e-4);
}

TEST(PicturePose, FlatKeypointsLoseTheirJitterButKeepTheDance) {
  const std::vector<Pose3> clean = test::dance(4.0, 30.0, 90.0);
  std::vector<Pose3> noisy = clean;
  noisy[40][kLWrist].x += 0.8f;  // an estimator that sees another arm for a frame
  const auto flat = to_picture(clip_of(clean, 30.0, 2), 30.0, 0.0),
             cured = to_picture(clip_of(noisy, 30.0, 2), 30.0, 0.0);
  EXPECT_NEAR(cured[40][kLWrist].x, flat[40][kLWrist].x, 0.05);
  EXPECT_LT(largest_difference(flat, to_picture(clip_of(clean, 30.0, 3), 30.0, 0.0)), 0.08);
}

TEST(PicturePose, MirroringTwiceIsNothingAndOnceSwapsSides) {
  const std::vector<Pose2> poses = to_picture(clip_of(test::dance(2.0, 30.0, 120.0), 30.0), 30.0, 0.0);
  EXPECT_EQ(largest_difference(poses, mirrored(mirrored(poses))), 0.0);
  EXPECT_EQ(mirrored(poses)[9][kLHand].x, -poses[9][kRHand].x);
  EXPECT_EQ(mirrored(poses)[9][kLHand].y, poses[9][kRHand].y);
}

TEST(PicturePose, ActiveCutsStandingStillAtBothEnds) {
  const std::vector<Pose3> dance = test::dance(10.0, 30.0, 120.0);
  std::vector<Pose3> frames(150, dance.front());
  frames.insert(frames.end(), dance.begin(), dance.end());
  frames.insert(frames.end(), 90, dance.back());
  const FrameRange range = active(to_picture(clip_of(frames, 30.0), 30.0, 0.0), 30.0);
  EXPECT_NEAR(static_cast<double>(range.first), 150.0, 20.0);
  EXPECT_NEAR(static_cast<double>(range.first + range.count), 450.0, 20.0);
  EXPECT_EQ(active(std::vector<Pose2>(50), 30.0).count, 50u) << "a clip without any motion stays whole";
}

TEST(Filters, GaussianKeepsConstantsAndSpreadsAnImpulse) {
  EXPECT_NEAR(gaussian_filter(std::vector<double>(20, 3.0), 2.0)[0], 3.0, 1e-12);
  std::vector<double> impulse(41, 0.0);
  impulse[20] = 1.0;
  const std::vector<double> out = gaussian_filter(impulse, 2.0);
  EXPECT_NEAR(out[20], 1.0 / (2.0 * std::sqrt(2.0 * std::numbers::pi)), 1e-3);
  EXPECT_NEAR(out[22] / out[20], std::exp(-0.5), 1e-6);
  EXPECT_NEAR(out[18], out[22], 1e-12);
  EXPECT_EQ(gaussian_filter(std::vector<double>{1.0}, 9.0)[0], 1.0);
}

TEST(Filters, MedianAndQuantile) {
  EXPECT_EQ(median_filter(std::vector<double>{0, 0, 9, 0, 0, 1, 1}, 3)[2], 0.0);
  EXPECT_EQ(median_filter(std::vector<double>{4.0}, 5)[0], 4.0);
  EXPECT_EQ(quantile({5, 1, 3, 2, 4}, 0.5), 3.0);
  EXPECT_EQ(quantile({5, 1, 3, 2, 4}, 1.0), 5.0);
  EXPECT_EQ(quantile({}, 0.5), 0.0);
}

}  // namespace
}  // namespace ombra::train
