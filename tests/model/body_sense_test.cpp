// What a painter is told of a body: parts turn as limbs do, another camera sees the same turned, feet are on the floor,
// hair swings on after a stop, points on bones are where the bones are.

#include "model/body/body_sense.hpp"

#include "model/body/fingers.hpp"
#include "model/body/usual_body.hpp"
#include "model/figure/pose_code.hpp"
#include "model/standing.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ombra::model {
namespace {

using test::standing;
using test::turned_by;
using Numbers = std::vector<float>;

constexpr Footing kFlat{-0.43f, 0.0f};

Numbers sensed(const Pose3& pose) {
  Numbers numbers(static_cast<std::size_t>(kBodyNumbers));
  BodySense sense;
  sense.sense(pose, kFlat, {}, 0.0, numbers);
  return numbers;
}

glm::vec3 vector_at(const Numbers& numbers, std::int64_t i) {
  const auto at = static_cast<std::size_t>(3 * i);
  return {numbers[at], numbers[at + 1], numbers[at + 2]};
}

glm::vec3 point(const Numbers& numbers, const std::vector<float>& factors) {
  glm::vec3 sum(0.0f);
  for (std::int64_t v = 0; v < kBodyVectors; ++v) sum += factors[static_cast<std::size_t>(v)] * vector_at(numbers, v);
  return sum + glm::vec3(0.0f, kHipsAtRest, 0.0f);
}

int bone(const char* name) {
  const BoneTree& body = usual_body();
  for (std::size_t i = 0; i < body.bones.size(); ++i) {
    if (body.bones[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

TEST(UsualBody, HasEveryBoneOfADancerOnceAndIsSymmetric) {
  const BoneTree& body = usual_body();
  EXPECT_EQ(body.bones.size(), 52u);
  for (std::size_t i = 0; i < body.bones.size(); ++i) {
    const Bone& left = body.bones[i];
    EXPECT_LT(left.parent, static_cast<int>(i)) << left.name;
    EXPECT_NEAR(glm::length(left.aim), 1.0f, 1e-5f) << left.name;
    if (!left.name.ends_with("_l")) continue;
    const int other = bone((left.name.substr(0, left.name.size() - 1) + "r").c_str());
    ASSERT_GE(other, 0) << left.name;
    EXPECT_EQ(body.bones[static_cast<std::size_t>(other)].rest.x, -left.rest.x);
    EXPECT_TRUE(left.role && body.bones[static_cast<std::size_t>(other)].role) << left.name;
  }
  EXPECT_GE(body.find(BodyBone::kChest), 0);
}

TEST(BodySense, ACameraThatGoesRoundSeesTheDancerTurned) {
  Numbers seen = sensed(standing());
  turn_body(seen, 0.7f);
  const Numbers turned = sensed(turned_by(standing(), 0.7f));
  for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_NEAR(seen[i], turned[i], 2e-3) << i;
}

TEST(BodySense, PointsOnLimbsLieWhereTheDancersLimbsPoint) {
  Pose3 pose = standing();
  pose[kLElbow] = {0.45f, 1.39f, 0};  // the left arm straight to the side
  pose[kLWrist] = {0.70f, 1.39f, 0};
  pose[kLHand] = {0.80f, 1.39f, 0};
  const Numbers numbers = sensed(pose);
  const glm::vec3 elbow = point(numbers, point_on_bone(bone("lower_arm_l"), 0.0f)),
                  wrist = point(numbers, point_on_bone(bone("lower_arm_l"), 1.0f)),
                  hand = point(numbers, point_on_bone(bone("hand_l"), 0.0f));
  EXPECT_NEAR(wrist.y, elbow.y, 0.01f);
  EXPECT_NEAR(wrist.x - elbow.x, usual_body().bones[static_cast<std::size_t>(bone("lower_arm_l"))].length, 0.01f);
  EXPECT_LT(glm::length(hand - wrist), 0.01f);
  const glm::vec3 ankle = point(numbers, point_on_bone(bone("foot_r"), 0.0f));
  EXPECT_NEAR(ankle.y, 0.09f, 0.02f);  // it stands on the floor
}

TEST(BodySense, AHopLiftsTheHipsAsHighAsTheDancer) {
  Pose3 hop = standing();
  for (Joint3& j : hop) j.y += 0.25f;
  const float stands = vector_at(sensed(standing()), kBodyVectors - 1).y,
              hops = vector_at(sensed(hop), kBodyVectors - 1).y;
  EXPECT_NEAR(stands, 0.0f, 0.03f);
  EXPECT_NEAR(hops - stands, 0.25f, 0.035f);  // what floor and joints are known to is not taken for a hop
}

TEST(BodySense, HairSwingsOnAfterAStopAndComesToRest) {
  BodySense sense;
  Numbers numbers(static_cast<std::size_t>(kBodyNumbers));
  const auto hair = [&](float x, double seconds) {
    Pose3 pose = standing();
    for (Joint3& j : pose) j.x += x;
    sense.sense(pose, kFlat, {}, seconds, numbers);
    return vector_at(numbers, 3 * kBodyParts + 1);
  };
  const glm::vec3 rest = hair(0.0f, 0.0);
  float x = 0.0f;
  for (int t = 0; t < 20; ++t) hair(x += 0.05f, 1.0 / 30.0);
  float most = 0.0f;
  for (int t = 0; t < 10; ++t) most = std::max(most, glm::length(hair(x, 1.0 / 30.0) - rest));
  EXPECT_GT(most, 0.1f);
  glm::vec3 last(0.0f);
  for (int t = 0; t < 300; ++t) last = hair(x, 1.0 / 30.0);
  EXPECT_LT(glm::length(last - rest), 0.01f);
}

// Links that swing alike would rouse each other: the tip of the hair would whip for seconds after every stop.
TEST(BodySense, TheTipOfTheHairIsCalmASecondAndAHalfAfterAStop) {
  BodySense sense;
  Numbers numbers(static_cast<std::size_t>(kBodyNumbers));
  float turn = 0.0f;
  const auto tip = [&](float step) {
    Pose3 pose = standing();
    turn += step;
    for (Joint3& j : pose) j = turned(j, turn);
    sense.sense(pose, kFlat, {}, 1.0 / 60.0, numbers);
    return vector_at(numbers, 3 * kBodyParts + 2);
  };
  glm::vec3 before(0.0f);
  for (int t = 0; t < 120; ++t) before = tip(0.15f * std::sin(0.2f * static_cast<float>(t)));  // the head is shaken
  float during = 0.0f, after = 0.0f;
  for (int t = 0; t < 120; ++t) {
    const glm::vec3 now = tip(0.0f);
    (t < 30 ? during : after) = std::max(t < 30 ? during : (t < 90 ? 0.0f : after), glm::length(now - before));
    before = now;
  }
  EXPECT_GT(during, 0.05f) << "it swings on";
  EXPECT_LT(after, 0.06f) << "of its direction, from one picture to the next";
}

TEST(Fingers, PlayOnForeverWithoutAJump) {
  const Fingers fingers(3, 4.0);
  float largest = 0.0f;
  for (double t = 0.0; t < 13.0; t += 1.0 / 60.0) {
    const auto now = fingers.at(t), next = fingers.at(t + 1.0 / 60.0);
    for (std::size_t h = 0; h < 2; ++h) {
      for (std::size_t f = 0; f < kFingers; ++f) largest = std::max(largest, std::abs(next[h][f] - now[h][f]));
    }
  }
  EXPECT_LT(largest, 0.15f);  // radians a picture: the fastest closing of a fist
  EXPECT_GT(largest, 0.01f);
  const auto first = fingers.at(1.0), again = fingers.at(5.0);
  EXPECT_EQ(first, again);
}

}  // namespace
}  // namespace ombra::model
