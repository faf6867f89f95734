// Figures of every rig, driven: limbs point where the dancer's do, shadows have no cracks, files of strangers do no
// harm.

#include "core/error.hpp"
#include "core/rng.hpp"
#include "footage/people/person_dance.hpp"
#include "model/body/chains.hpp"
#include "model/body/rotations.hpp"
#include "temp_folder.hpp"
#include "train/synthetic.hpp"
#include "train/toy_figure.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace ombra::train {
namespace {

using ombra::test::ToyFigure;
using ombra::test::write_toy_figure;
using namespace ombra::model;
using test::standing;

class People : public ombra::test::FolderTest {
 protected:
  Person read(const ToyFigure& figure = {}) {
    write_toy_figure(folder / "figure.glb", figure);
    return read_person(folder / "figure.glb");
  }
};

std::string side_of(const std::string& part) { return part.ends_with("_l") ? "l" : part.ends_with("_r") ? "r" : ""; }
std::string stem_of(const std::string& part) { return side_of(part).empty() ? part : part.substr(0, part.size() - 2); }

using Names = std::map<std::string, std::string>;
std::string named(const Names& names, const std::string& part, const std::string& pattern) {
  std::string name = names.contains(stem_of(part)) ? names.at(stem_of(part)) : stem_of(part);
  const std::string side = side_of(part);
  if (side.empty()) return name;
  if (pattern == "Left") return (side == "l" ? "Left" : "Right") + name;
  return name + (pattern == ".L" ? (side == "l" ? ".L" : ".R") : "_" + side);
}

struct Rig {
  const char* what;
  std::function<std::string(const std::string&)> name;
};

std::vector<Rig> rigs() {
  const Names mixamo = {
      {"hips", "Hips"},       {"spine", "Spine"},       {"chest", "Spine1"},      {"neck", "Neck"},
      {"head", "Head"},       {"shoulder", "Shoulder"}, {"upper_arm", "Arm"},     {"lower_arm", "ForeArm"},
      {"hand", "Hand"},       {"index1", "HandIndex1"}, {"index2", "HandIndex2"}, {"pinky1", "HandPinky1"},
      {"upper_leg", "UpLeg"}, {"lower_leg", "Leg"},     {"foot", "Foot"},         {"toes", "ToeBase"}};
  const Names unreal = {{"hips", "pelvis"},        {"spine", "spine_01"},     {"chest", "spine_02"},
                        {"neck", "neck_01"},       {"head", "head"},          {"shoulder", "clavicle"},
                        {"upper_arm", "upperarm"}, {"lower_arm", "lowerarm"}, {"index1", "index_01"},
                        {"index2", "index_02"},    {"pinky1", "pinky_01"},    {"upper_leg", "thigh"},
                        {"lower_leg", "calf"},     {"toes", "ball"}};
  const Names human = {{"hips", "root"},
                       {"spine", "spine05"},
                       {"chest", "spine01"},
                       {"neck", "neck01"},
                       {"shoulder", "clavicle"},
                       {"upper_arm", "upperarm01"},
                       {"lower_arm", "lowerarm01"},
                       {"hand", "wrist"},
                       {"index1", "finger2-1"},
                       {"index2", "finger2-2"},
                       {"pinky1", "finger5-1"},
                       {"upper_leg", "upperleg01"},
                       {"lower_leg", "lowerleg01"},
                       {"toes", "toe1-1"}};
  const Names vroid = {
      {"hips", "C_Hips"},        {"spine", "C_Spine"},      {"chest", "C_UpperChest"}, {"neck", "C_Neck"},
      {"head", "C_Head"},        {"shoulder", "Shoulder"},  {"upper_arm", "UpperArm"}, {"lower_arm", "LowerArm"},
      {"hand", "Hand"},          {"index1", "Index1"},      {"index2", "Index2"},      {"pinky1", "Little1"},
      {"upper_leg", "UpperLeg"}, {"lower_leg", "LowerLeg"}, {"foot", "Foot"},          {"toes", "ToeBase"}};
  return {{"the cast's", [](const std::string& part) { return part; }},
          {"Mixamo", [=](const std::string& part) { return "mixamorig:" + named(mixamo, part, "Left"); }},
          {"Unreal", [=](const std::string& part) { return named(unreal, part, "_l"); }},
          {"MakeHuman", [=](const std::string& part) { return named(human, part, ".L"); }},
          {"VRoid", [=](const std::string& part) {
             const std::string side = side_of(part);
             return "J_Bip_" +
                    (side.empty()  ? ""
                     : side == "l" ? std::string("L_")
                                   : std::string("R_")) +
                    named(vroid, stem_of(part), "");
           }}};
}

glm::vec3 vec(const Joint3& j) { return {j.x, j.y, j.z}; }
glm::vec3 way(const Pose3& pose, int a, int b) {
  return unit(vec(pose[static_cast<std::size_t>(b)]) - vec(pose[static_cast<std::size_t>(a)]));
}
glm::vec3 way(const Person& person, const BodyPose& pose, BodyBone a, BodyBone b, BodySide side) {
  return unit(pose.place[static_cast<std::size_t>(person.find(b, side))] -
              pose.place[static_cast<std::size_t>(person.find(a, side))]);
}

Pose3 reaching() {
  Pose3 pose = standing();
  pose[kLElbow] = {0.40f, 1.50f, 0.1f}, pose[kLWrist] = {0.45f, 1.72f, 0.2f}, pose[kLHand] = {0.45f, 1.80f, 0.22f};
  pose[kRElbow] = {-0.2f, 1.2f, 0.22f}, pose[kRWrist] = {-0.05f, 1.25f, 0.40f}, pose[kRHand] = {0.0f, 1.27f, 0.46f};
  pose[kRKnee] = {-0.15f, 0.62f, 0.25f}, pose[kRAnkle] = {-0.12f, 0.3f, 0.0f}, pose[kRBigToe] = {-0.12f, 0.2f, 0.1f};
  return pose;
}

TEST(BoneNames, OfTheUsualRigsAreKnown) {
  using enum BodyBone;
  const auto is = [](const char* name, BodyBone bone, BodySide side, int number) {
    EXPECT_EQ(bone_role(name), (BoneRole{bone, side, number})) << name;
  };
  is("mixamorig:LeftHandThumb3", kThumb, BodySide::kLeft, 3);
  is("mixamorig12:RightUpLeg", kUpperLeg, BodySide::kRight, 12);
  is("RightLeg", kLowerLeg, BodySide::kRight, 0);
  is("leftLittleIntermediate", kPinky, BodySide::kLeft, 2);
  is("finger5-2.R", kPinky, BodySide::kRight, 2);
  is("DEF-upper_arm.L", kUpperArm, BodySide::kLeft, 0);
  is("ball_r", kToes, BodySide::kRight, 0);
  for (const char* none : {"LeftArmTwist", "HeadTop_End", "ik_foot_l", "J_Sec_Hair1_01", "skirt_front_1", "Leg", "arm",
                           "", "mixamorig:", "LeftEye", "hand_l_end", "metacarpal2.L"})
    EXPECT_FALSE(bone_role(none)) << none;
}

TEST_F(People, OfEveryRigPointTheirLimbsWhereTheDancerDoes) {
  using enum BodyBone;
  const Pose3 pose = reaching();
  for (const Rig& rig : rigs()) {
    for (const bool turned : {false, true}) {
      const Person person = read({.name = rig.name, .turned_bones = turned});
      SCOPED_TRACE(rig.what);
      Driver driver(person);
      BodyPose out;
      driver.drive(pose, footing_of(std::vector{standing()}), {}, out);
      const auto near = [&](const glm::vec3& is, const glm::vec3& wanted, const char* what) {
        EXPECT_LT(angle_between(is, wanted), 0.02f) << what;
      };
      near(way(person, out, kUpperArm, kLowerArm, BodySide::kLeft), way(pose, kLShoulder, kLElbow), "left upper arm");
      near(way(person, out, kLowerArm, kHand, BodySide::kLeft), way(pose, kLElbow, kLWrist), "left forearm");
      near(way(person, out, kLowerArm, kHand, BodySide::kRight), way(pose, kRElbow, kRWrist), "right forearm");
      near(way(person, out, kUpperLeg, kLowerLeg, BodySide::kRight), way(pose, kRHip, kRKnee), "right thigh");
      near(way(person, out, kLowerLeg, kFoot, BodySide::kRight), way(pose, kRKnee, kRAnkle), "right shin");
      near(way(person, out, kLowerLeg, kFoot, BodySide::kLeft), way(pose, kLKnee, kLAnkle), "left shin");
      near(unit(out.place[static_cast<std::size_t>(person.find(kHead))] -
                out.place[static_cast<std::size_t>(person.find(kNeck))]),
           {0, 1, 0}, "neck");
      EXPECT_GE(person.find(kIndex, BodySide::kLeft, 2), 0);
      EXPECT_GE(person.find(kPinky, BodySide::kRight, 1), 0);
    }
  }
}

TEST_F(People, StandUprightFaceTheViewerAndAreOfHumanSizeHoweverTheFileHasThem) {
  const Person usual = read();
  for (const ToyFigure& odd : {ToyFigure{.scale = 100.0f}, ToyFigure{.scale = 0.01f}, ToyFigure{.yaw = 3.14159f},
                               ToyFigure{.yaw = 1.2f}, ToyFigure{.lying = true}}) {
    const Person person = read(odd);
    const auto at = [](const Person& p, BodyBone bone, BodySide side) {
      return p.bones[static_cast<std::size_t>(p.find(bone, side))].rest;
    };
    const glm::vec3 hand = at(person, BodyBone::kHand, BodySide::kLeft),
                    foot = at(person, BodyBone::kToes, BodySide::kLeft);
    EXPECT_GT(hand.x, 0.6f);
    EXPECT_NEAR(hand.z, at(usual, BodyBone::kHand, BodySide::kLeft).z, 0.03f);
    EXPECT_GT(foot.z, 0.1f) << "toes in front";
    float low = 9.0f, high = -9.0f;
    for (const glm::vec3& v : person.vertices) low = std::min(low, v.y), high = std::max(high, v.y);
    EXPECT_NEAR(low, 0.0f, 1e-3f);
    EXPECT_NEAR(high, 1.75f, 0.06f);
  }
}

TEST_F(People, HaveTheirOutlineAtTheirBones) {
  for (const Rig& rig : rigs()) {
    for (const bool turned : {false, true}) {
      const Person person = read({.name = rig.name, .turned_bones = turned});
      for (std::size_t i = 0; i < person.vertices.size(); ++i) {
        const Bone& bone = person.bones[person.skin[i].bone[0]];
        ASSERT_LT(glm::length(person.vertices[i] - bone.rest), bone.length + 0.06f) << rig.what << ": " << bone.name;
      }
    }
  }
}

// The axis of a bent elbow is where the dancer's is; the upper arm takes part of the twist.
TEST_F(People, ElbowsBendAboutTheDancersAxis) {
  const Person person = read();
  Pose3 pose = standing();
  pose[kLElbow] = {0.46f, 1.38f, 0.0f}, pose[kLWrist] = {0.46f, 1.38f, 0.25f}, pose[kLHand] = {0.46f, 1.38f, 0.34f};
  Driver driver(person);
  BodyPose out;
  driver.drive(pose, {}, {}, out);
  const glm::vec3 axis(0, -1, 0);  // from the arm that points left to the forearm that points forwards
  const auto hinge = [&](BodyBone bone) {
    const auto i = static_cast<std::size_t>(person.find(bone, BodySide::kLeft));
    return out.turn[i] * person.bones[i].hinge;
  };
  EXPECT_LT(angle_between(hinge(BodyBone::kLowerArm), axis), 0.02f);
  EXPECT_LT(angle_between(hinge(BodyBone::kUpperArm), axis), 0.8f);
}

TEST_F(People, WeightsOfEveryKindAreRead) {
  const Person floats = read();
  for (const int kind : {5121, 5123}) {
    const Person other = read({.weights = kind});
    ASSERT_EQ(other.skin.size(), floats.skin.size());
    for (std::size_t i = 0; i < other.skin.size(); ++i) {
      EXPECT_EQ(other.skin[i].bone, floats.skin[i].bone);
      EXPECT_EQ(other.skin[i].weight, floats.skin[i].weight);
    }
  }
}

TEST_F(People, FingersCurlTowardsThePalm) {
  const Person person = read();
  Driver driver(person);
  BodyPose open, fist;
  Curls curled;
  curled.fill(1.2f);
  driver.drive(standing(), {}, {}, open);
  driver.drive(standing(), {}, {curled, curled}, fist);
  for (const BodySide side : {BodySide::kLeft, BodySide::kRight}) {
    const auto tip = static_cast<std::size_t>(person.find(BodyBone::kIndex, side, 2));
    const auto hand = static_cast<std::size_t>(person.find(BodyBone::kHand, side));
    const float inward = side == BodySide::kLeft ? -1.0f : 1.0f;  // hanging arms: palms face the thighs
    EXPECT_GT(inward * (fist.place[tip].x - open.place[tip].x), 0.01f);
    EXPECT_GT(fist.place[tip].y, open.place[tip].y + 0.01f);
    EXPECT_LT(glm::length(fist.place[hand] - open.place[hand]), 1e-5f) << "the hand stays";
  }
}

TEST_F(People, StandOnTheFloorAndLeaveItWithTheDancer) {
  const auto person = std::make_shared<const Person>(read());
  std::vector<Pose3> poses(30, standing());
  for (Joint3& joint : poses[20]) joint.y += 0.3f;  // a jump
  const PersonDance dance(person, poses, 30.0, 1);
  constexpr int kSide = 240;  // a pixel is a centimetre
  std::vector<float> ink(kSide * kSide);
  const auto lowest = [&](std::size_t frame) {
    dance.draw(frame, {}, kSide, ink);
    for (int y = kSide - 1; y >= 0; --y) {
      for (int x = 0; x < kSide; ++x) {
        if (ink[static_cast<std::size_t>(y * kSide + x)] > 0.5f) return (kSide - 1 - y) * kPictureMetres / kSide;
      }
    }
    return -1.0;
  };
  EXPECT_NEAR(lowest(5), kFloorMetres, 0.011);
  EXPECT_NEAR(lowest(20), kFloorMetres + 0.28 * dance.stride(), 0.02);
}

TEST_F(People, AreMirroredExactly) {
  const auto person = std::make_shared<const Person>(read({.skirt = true, .hair = true}));
  const PersonDance dance(person, test::dance(1.0, 30.0, 120.0), 30.0, 3);
  constexpr int kSide = 96;
  std::vector<float> ink(kSide * kSide), mirror(kSide * kSide);
  int unlike = 0;
  for (const float yaw : {0.0f, 0.7f}) {
    dance.draw(17, {.yaw = yaw, .x = 0.1f}, kSide, ink);
    dance.draw(17, {.yaw = yaw, .mirrored = true, .x = -0.1f}, kSide, mirror);
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x)
        unlike += std::abs(ink[static_cast<std::size_t>(y * kSide + x)] -
                           mirror[static_cast<std::size_t>(y * kSide + kSide - 1 - x)]) > 0.05f;
    }
  }
  EXPECT_EQ(unlike, 0);
}

// A square of many small triangles: full inside, empty outside, and as large as it is.
TEST(Shadow, HasNoCracksAndTheRightSize) {
  Person person;
  person.bones = {{"hips", -1, {}, {0, 1, 0}, {}, 0.0f, BoneRole{BodyBone::kHips}}};
  constexpr int kCells = 37;
  const float angle = 0.3f, c = std::cos(angle), s = std::sin(angle);
  for (int y = 0; y <= kCells; ++y) {
    for (int x = 0; x <= kCells; ++x) {
      const float u = static_cast<float>(x) / kCells - 0.5f, v = static_cast<float>(y) / kCells - 0.5f;
      person.vertices.push_back({c * u - s * v, s * u + c * v, 0.0f});
      person.skin.push_back({{0}, {1.0f}});
      if (x == kCells || y == kCells) continue;
      const auto at = static_cast<std::uint32_t>(y * (kCells + 1) + x);
      person.triangles.push_back({at, at + 1, at + kCells + 1});
      person.triangles.push_back({at + 1, at + kCells + 2, at + kCells + 1});
    }
  }
  const BodyPose pose{{glm::mat3(1.0f)}, {glm::vec3(0.0f)}};
  constexpr int kSide = 200;
  std::vector<float> ink(kSide * kSide);
  Shadow shadow;
  shadow.draw(person, pose, {}, kSide, ink);
  double area = 0.0;
  for (const float each : ink) area += each;
  const double pixel = kPictureMetres / kSide;
  EXPECT_NEAR(area * pixel * pixel, 1.0, 0.002);
  const double middle_y = kSide - (kFloorMetres + 0.5 * (c + s)) / pixel, middle_x = 0.5 * kSide;
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const double px = (x + 0.5 - middle_x) * pixel, py = (middle_y - y - 0.5) * pixel;
      const double out = std::max(std::abs(c * px + s * py), std::abs(c * py - s * px)) - 0.5;
      const float is = ink[static_cast<std::size_t>(y * kSide + x)];
      if (std::abs(out) <= pixel) continue;
      EXPECT_EQ(is, out < 0.0 ? 1.0f : 0.0f) << "at " << x << ", " << y;
    }
  }
}

TEST(Shadow, OfAFigureThatIsHalfOutsideIsCut) {
  Person person;
  person.bones = {{"hips", -1, {}, {0, 1, 0}, {}, 0.0f, BoneRole{BodyBone::kHips}}};
  person.vertices = {{-90, 0, 0}, {90, 0, 0}, {0, 90, 0}};
  person.skin.assign(3, {{0}, {1.0f}});
  person.triangles = {{0, 1, 2}};
  const BodyPose pose{{glm::mat3(1.0f)}, {glm::vec3(0.0f)}};
  for (const int side : {33, 64, 100}) {
    std::vector<float> ink(static_cast<std::size_t>(side * side));
    Shadow().draw(person, pose, {}, side, ink);
    EXPECT_EQ(std::ranges::count(ink.begin(), ink.begin() + side * side / 2, 1.0f), side * side / 2);
  }
}

TEST(Sway, LagsBehindSwingsOnAndComesToRest) {
  const SwaySpec spec{0.3f, 1.0f, 0.2f, 1.2f};
  Sway sway(spec);
  const glm::vec3 down(0, -1, 0);
  glm::vec3 at = sway.step({}, down, 0.0);
  EXPECT_LT(glm::length(at - down), 1e-5f);
  for (int t = 1; t <= 15; ++t) at = sway.step({0.02f * static_cast<float>(t), 0, 0}, down, 1.0 / 30.0);
  EXPECT_LT(at.x, -0.1f) << "it lags behind a joint that moves to the right";
  float most = 0.0f;
  int crossings = 0;
  for (int t = 0; t < 90; ++t) {
    const float before = at.x;
    at = sway.step({0.3f, 0, 0}, down, 1.0 / 30.0);
    most = std::max(most, at.x);
    crossings += (before < 0.0f) != (at.x < 0.0f);
  }
  EXPECT_GT(most, 0.03f) << "and swings on when it stops";
  EXPECT_NEAR(crossings, 6, 1) << "at its own rate, two a second";
  for (int t = 0; t < 300; ++t) at = sway.step({0.3f, 0, 0}, down, 1.0 / 30.0);
  EXPECT_LT(glm::length(at - down), 0.01f);
}

// Two pictures of one moment, or a clock that rounds: what is divided by no time is noise.
TEST(Sway, AMomentTooShortToMeasureChangesNothing) {
  const glm::vec3 down(0, -1, 0);
  for (const double none : {0.0, 1e-14, 1e-9, 1e-6}) {
    Sway sway({0.1f, 2.0f, 0.2f, 0.9f}), alike({0.1f, 2.0f, 0.2f, 0.9f});
    glm::vec3 joint(0.0f), at{}, wanted{};
    for (int t = 0; t < 30; ++t) {
      joint.x += 0.03f;
      at = sway.step(joint, down, 1.0 / 60.0), wanted = alike.step(joint, down, 1.0 / 60.0);
    }
    EXPECT_LT(glm::length(sway.step(joint, down, none) - at), 1e-5f) << none;
    at = sway.step(joint, down, 1.0 / 60.0), wanted = alike.step(joint, down, 1.0 / 60.0);
    EXPECT_LT(glm::length(at - wanted), 1e-3f) << none;
  }
}

TEST(Sway, StaysWithinItsBoundsWhateverTheJointDoes) {
  Sway sway({0.2f, 2.0f, 0.1f, 0.5f});
  Rng rng(4);
  for (int t = 0; t < 500; ++t) {
    const glm::vec3 joint(rng.uniform(-9, 9), rng.uniform(-9, 9), rng.uniform(-9, 9));
    const glm::vec3 down = unit({rng.uniform(-1, 1), -1, rng.uniform(-1, 1)});
    EXPECT_LT(angle_between(sway.step(joint, down, 1.0 / 30.0), down), 0.51f);
  }
}

TEST_F(People, HairAndSkirtsSwingOnAfterAStop) {
  const auto person = std::make_shared<const Person>(read({.skirt = true, .hair = true}));
  std::vector<Pose3> poses;
  for (int t = 0; t < 60; ++t) {
    Pose3 pose = standing();
    for (Joint3& joint : pose) joint.x += 0.03f * static_cast<float>(std::min(t, 20));
    poses.push_back(pose);
  }
  const PersonDance dance(person, poses, 30.0, 1);
  const auto lean = [&](const char* bone, std::size_t frame) {
    const BodyPose pose = dance.pose(frame);
    for (std::size_t i = 0; i < person->bones.size(); ++i) {
      if (person->bones[i].name == bone) return (pose.turn[i] * person->bones[i].aim).x;
    }
    return 9.0f;
  };
  for (const char* bone : {"hair_1", "hair_2", "skirt_front_1", "skirt_front_2"}) {
    EXPECT_NEAR(lean(bone, 0), 0.0f, 0.02f) << bone;
    EXPECT_LT(lean(bone, 8), -0.03f) << bone << " lags behind";
    float most = -1.0f;
    for (std::size_t t = 21; t < 60; ++t) most = std::max(most, lean(bone, t));
    EXPECT_GT(most, 0.01f) << bone << " swings on";
  }
}

TEST_F(People, AThighPushesTheSkirtOut) {
  const Person person = read({.skirt = true});
  Driver driver(person);
  const auto lean = [&](const Pose3& dancer) {
    Chains chains(person);
    BodyPose pose;
    driver.drive(dancer, {}, {}, pose);
    chains.swing(pose, {}, 0.0);
    const auto skirt = std::ranges::find(person.bones, "skirt_front_1", &Bone::name) - person.bones.begin();
    return (pose.turn[static_cast<std::size_t>(skirt)] * person.bones[static_cast<std::size_t>(skirt)].aim).z;
  };
  Pose3 kick = standing();
  kick[kLKnee] = {0.1f, 0.85f, 0.4f}, kick[kLAnkle] = {0.1f, 0.75f, 0.8f}, kick[kLBigToe] = {0.1f, 0.8f, 0.9f};
  EXPECT_GT(lean(kick), lean(standing()) + 0.3f);
}

TEST_F(People, WhatIsMissingIsSaid) {
  try {
    read({.name = [](const std::string& part) { return part == "hand_l" || part == "head" ? "x_" + part : part; }});
    FAIL();
  } catch (const Error& e) {
    const std::string words = e.what();
    EXPECT_NE(words.find("head, left hand"), std::string::npos) << words;
    EXPECT_NE(words.find("hint"), std::string::npos);
  }
  EXPECT_THROW(read_person(folder / "nobody.glb"), Error);
  EXPECT_THROW(people_of(folder / "nowhere"), Error);
  std::ofstream(folder / "text.glb") << "not a figure";
  std::ofstream(folder / "._text.glb") << "what a desktop leaves";
  std::filesystem::create_directories(folder / "folder.glb");
  EXPECT_EQ(people_of(folder).size(), 2u) << "this one and figure.glb";
  EXPECT_THROW(read_person(folder / "text.glb"), Error);
}

TEST_F(People, FilesThatLieAreErrors) {
  using nlohmann::json;
  const auto refuse = [&](const char* what, const std::function<void(json&, std::vector<std::uint8_t>&)>& spoil) {
    EXPECT_THROW(read({.spoil = spoil}), Error) << what;
  };
  refuse("count", [](json& j, auto&) { j["accessors"][0]["count"] = 4000000000u; });
  refuse("offset", [](json& j, auto&) { j["accessors"][3]["byteOffset"] = 123456789; });
  refuse("view", [](json& j, auto&) { j["bufferViews"][1]["byteOffset"] = 999999; });
  refuse("index", [](json& j, auto& bin) { bin[j["bufferViews"][3]["byteOffset"].get<std::size_t>() + 1] = 0xFF; });
  refuse("joint", [](json& j, auto& bin) { bin[j["bufferViews"][1]["byteOffset"].get<std::size_t>()] = 200; });
  refuse("not a number", [](json&, auto& bin) { std::fill_n(bin.begin(), 4, std::uint8_t{0xFF}); });
  refuse("circle", [](json& j, auto&) { j["nodes"][3]["children"] = {0}; });
  refuse("node", [](json& j, auto&) { j["nodes"][0]["children"].push_back(5000); });
  refuse("mesh", [](json& j, auto&) { j["nodes"].back()["mesh"] = 7; });
  refuse("skin", [](json& j, auto&) { j["nodes"].back()["skin"] = 7; });
  refuse("no triangles", [](json& j, auto&) { j["meshes"][0]["primitives"][0]["mode"] = 0; });
  refuse("many nodes", [](json& j, auto&) {
    for (int k = 0; k < 2000; ++k) j["nodes"].push_back({{"name", "n"}});
  });
}

TEST_F(People, DamagedFilesNeverCrash) {
  write_toy_figure(folder / "whole.glb");
  std::ifstream in(folder / "whole.glb", std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(in)), {});
  Rng rng(11);
  int read = 0, refused = 0;
  for (int k = 0; k < 120; ++k) {
    std::string damaged = whole;
    if (k % 4 == 0) damaged.resize(static_cast<std::size_t>(rng.uniform() * static_cast<double>(whole.size())));
    for (int n = 0; n <= k % 3 && !damaged.empty(); ++n) {
      const std::size_t most = k % 2 == 0 ? std::min<std::size_t>(damaged.size(), 6000) : damaged.size();
      damaged[static_cast<std::size_t>(rng.uniform() * static_cast<double>(most))] = static_cast<char>(rng.below(256));
    }
    std::ofstream(folder / "damaged.glb", std::ios::binary) << damaged;
    try {
      const auto person = std::make_shared<const Person>(read_person(folder / "damaged.glb"));
      const PersonDance dance(person, std::vector(2, standing()), 30.0, 1);
      std::vector<float> ink(32 * 32);
      dance.draw(1, {}, 32, ink);
      ++read;
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(read, 5);
  EXPECT_GT(refused, 20);
}

// The cast, where it lies beside the repository.
TEST(Cast, EverybodyCanBeDriven) {
  const std::filesystem::path cast = std::filesystem::path(OMBRA_SOURCE) / "../shared/data/bodies";
  std::error_code code;
  if (!std::filesystem::is_directory(cast, code)) GTEST_SKIP() << "no cast";
  const std::vector<std::filesystem::path> files = people_of(cast);
  EXPECT_EQ(files.size(), 24u);
  for (const std::filesystem::path& file : files) {
    const auto person = std::make_shared<const Person>(read_person(file));
    const PersonDance dance(person, std::vector(2, standing()), 30.0, 1);
    std::vector<float> ink(96 * 96);
    dance.draw(1, {}, 96, ink);
    double area = 0.0;
    for (const float each : ink) area += each;
    EXPECT_GT(area, 96 * 96 * 0.05) << file;
    EXPECT_LT(area, 96 * 96 * 0.25) << file;
  }
}

}  // namespace
}  // namespace ombra::train
