// Codes in space: there and back, a turn and a step are numbers of their own, distances are distances of joints.

#include "model/figure/pose_code.hpp"
#include "model/figure/seen_joints.hpp"

#include "core/rng.hpp"
#include "model/standing.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ombra::model {
namespace {

using test::standing;
using test::turned_by;

// All 60 components, so that nothing is lost: the identity.
PoseCode whole_code() {
  PoseCode code;
  code.mean.assign(60, 0.1f);
  code.basis.assign(60 * 60, 0.0f);
  for (std::size_t i = 0; i < 60; ++i) code.basis[i * 60 + i] = 1.0f;
  code.scale = 0.5f;
  code.middle = {0.8f, 0.1f, 0.02f, 0.9f, -0.03f};
  code.reach = 0.7f;
  return code;
}

Pose3 any_pose(Rng& rng) {
  Pose3 pose = standing();
  for (Joint3& j : pose) {
    j.x += static_cast<float>(0.1 * rng.normal());
    j.y += static_cast<float>(0.1 * rng.normal());
    j.z += static_cast<float>(0.1 * rng.normal());
  }
  return turned_by(pose, static_cast<float>(rng.uniform(-3.1, 3.1)));
}

double apart(const Pose3& a, const Pose3& b) {
  double square = 0.0;
  for (std::size_t j = 0; j < a.size(); ++j) {
    const double x = a[j].x - b[j].x, y = a[j].y - b[j].y, z = a[j].z - b[j].z;
    square += x * x + y * y + z * z;
  }
  return std::sqrt(square);
}

double apart(std::span<const float> a, std::span<const float> b) {
  double square = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) square += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(square);
}

std::vector<float> coded(const PoseCode& how, const Pose3& pose) {
  std::vector<float> code(how.size());
  encode(how, pose, code);
  return code;
}

TEST(PoseCode, ThereAndBackGivesThePose) {
  const PoseCode how = whole_code();
  ASSERT_TRUE(how.in_space());
  ASSERT_EQ(how.size(), 65u);
  Rng rng(1);
  for (int i = 0; i < 50; ++i) {
    const Pose3 pose = any_pose(rng);
    EXPECT_LT(apart(decode(how, coded(how, pose)), pose), 1e-4);
  }
}

TEST(PoseCode, ATurnChangesTheHeadingAlone) {
  const PoseCode how = whole_code();
  Rng rng(2);
  for (int i = 0; i < 20; ++i) {
    const Pose3 pose = any_pose(rng);
    Pose3 at_origin = pose;
    for (Joint3& j : at_origin) j.x -= pose[kHip].x, j.z -= pose[kHip].z;
    const std::vector<float> before = coded(how, at_origin), after = coded(how, turned_by(at_origin, 1.1f));
    for (std::size_t k = 0; k < 60; ++k) EXPECT_NEAR(before[k], after[k], 1e-4);
    EXPECT_NEAR(std::remainder(heading_of(turned_by(at_origin, 1.1f)) - heading_of(at_origin) - 1.1f, 2.0 * M_PI), 0.0,
                1e-4);
  }
  EXPECT_NEAR(heading_of(standing()), 0.0, 1e-6);
  EXPECT_NEAR(heading_of(turned_by(standing(), 0.5f)), 0.5, 1e-5);
}

TEST(PoseCode, AStepIsAsLongInTheCodeAsItIsForTheJoints) {
  const PoseCode how = whole_code();
  const Pose3 pose = standing();
  Pose3 aside = pose;
  for (Joint3& j : aside) j.x += 0.1f, j.z -= 0.05f, j.y += 0.02f;
  EXPECT_NEAR(apart(coded(how, aside), coded(how, pose)) * how.scale, apart(aside, pose), 1e-4);
  Pose3 arm = pose;
  arm[kLHand].y += 0.2f;
  EXPECT_NEAR(apart(coded(how, arm), coded(how, pose)) * how.scale, 0.2, 1e-4);
}

TEST(PoseCode, HeightsAreLinearInTheCodeAndLiftingIsOneDirection) {
  const PoseCode how = whole_code();
  Rng rng(3);
  const Pose3 pose = any_pose(rng);
  std::vector<float> code = coded(how, pose);
  const auto height = [&](Joint joint) {
    const JointHeight h = height_of(how, joint);
    double sum = h.middle;
    for (std::size_t i = 0; i < code.size(); ++i) sum += h.slope[i] * code[i];
    return sum;
  };
  for (const Joint joint : {kLAnkle, kRBigToe, kHead}) EXPECT_NEAR(height(joint), pose[joint].y, 1e-4);
  const std::vector<float> up = upwards(how);
  for (std::size_t i = 0; i < code.size(); ++i) code[i] += 0.3f * up[i];
  EXPECT_NEAR(height(kLAnkle), pose[kLAnkle].y + 0.3, 1e-4);
  EXPECT_NEAR(decode(how, code)[kHead].y, pose[kHead].y + 0.3, 1e-4);
}

TEST(PoseCode, ACodeOfThePicturePlaneKnowsHeightsToo) {
  PoseCode how;
  how.mean.assign(40, 0.0f);
  how.basis.assign(40 * 40, 0.0f);
  for (std::size_t i = 0; i < 40; ++i) how.basis[i * 40 + i] = 1.0f;
  how.scale = 2.0f;
  EXPECT_FALSE(how.in_space());
  EXPECT_EQ(how.size(), 40u);
  const JointHeight toe = height_of(how, kLBigToe);
  EXPECT_EQ(toe.slope[2 * kLBigToe + 1], 2.0);
  EXPECT_EQ(toe.slope[2 * kLBigToe], 0.0);
  EXPECT_NEAR(upwards(how)[1], 0.5, 1e-6);
}

TEST(SeenJoints, AreWhatIsSeenOfAPoseFromTheFront) {
  const PoseCode how = whole_code();
  const SeenJoints joints(how);
  Rng rng(8);
  for (int i = 0; i < 20; ++i) {
    const Pose3 pose = any_pose(rng);
    const std::vector<float> code = coded(how, pose);
    ASSERT_EQ(joints.size(code.size()), 40u);
    std::vector<float> seen(40);
    joints.see(code, seen);
    for (std::size_t j = 0; j < pose.size(); ++j) {
      EXPECT_NEAR(seen[j] * how.scale, pose[j].x, 1e-4f);
      EXPECT_NEAR(seen[20 + j] * how.scale, pose[j].y, 1e-4f);
    }
  }
}

TEST(SeenJoints, OfACodeInThePlaneAreTheCode) {
  const SeenJoints joints(PoseCode{});
  const std::vector<float> code = {1.0f, 2.0f, 3.0f};
  std::vector<float> seen(joints.size(3));
  joints.see(code, seen);
  EXPECT_EQ(seen, code);
}

}  // namespace
}  // namespace ombra::model
