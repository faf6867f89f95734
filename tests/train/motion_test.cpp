#include "footage/motion/motion.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "footage/motion/bvh.hpp"
#include "footage/motion/joint_names.hpp"
#include "footage/motion/manifest.hpp"
#include "footage/motion/skeleton.hpp"
#include "footage/motion/trc.hpp"
#include "train/synthetic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;
using test::trc_text;

// -> the message of the Error that f throws; empty when it throws none
std::string complaint(const std::function<void()>& f) {
  try {
    f();
    return "";
  } catch (const Error& e) {
    return e.what();
  }
}

void expect_complaint(const std::function<void()>& f, const std::string& part) {
  const std::string text = complaint(f);
  EXPECT_NE(text.find(part), std::string::npos) << "said: " << text;
  EXPECT_NE(text.find("\nhint: "), std::string::npos) << "said: " << text;
}

void expect_near(const Joint3& a, float x, float y, float z, float tolerance = 1e-4f) {
  EXPECT_NEAR(a.x, x, tolerance);
  EXPECT_NEAR(a.y, y, tolerance);
  EXPECT_NEAR(a.z, z, tolerance);
}

TEST(Trc, ReadsJointsByName) {
  const MotionClip clip = parse_trc(trc_text(test::dance(1.0, 60.0, 120.0), 60.0), "a.trc");
  ASSERT_EQ(clip.frames.size(), 60u);
  EXPECT_EQ(clip.fps, 60.0);
  EXPECT_EQ(clip.dims, 3);
  const Pose3 pose = test::dance(1.0, 60.0, 120.0)[7];
  for (std::size_t j = 0; j < kJoints; ++j) expect_near(clip.frames[7][j], pose[j].x, pose[j].y, pose[j].z);
}

TEST(Trc, TakesAnyOrderUnitsLineEndsAndGaps) {
  std::string text = trc_text({test::standing(), test::standing()}, 30.0, {"right_knee", "LKnee", "some.marker"},
                              {kRKnee, kLKnee, kHip}, "mm", 1000.0);
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) text.insert(at, 1, '\r');
  const MotionClip clip = parse_trc(text, "a.trc");
  ASSERT_EQ(clip.frames.size(), 2u);
  expect_near(clip.frames[1][kRKnee], -0.10f, 0.5f, 0.0f);
  EXPECT_TRUE(std::isnan(clip.frames[1][kHip].x));
  const std::string gap = "1\t0\t\t\t\t0.1\t0.5\t0\t1\t2\t3\n";
  EXPECT_TRUE(std::isnan(parse_trc(text + gap, "a.trc").frames[2][kRKnee].y)) << "empty cells are unknown values";
}

TEST(Trc, FlatClipsHaveTwoDimensions) {
  std::vector<Pose3> frames(3, test::standing());
  for (Pose3& pose : frames) {
    for (Joint3& joint : pose) joint.z = 0.0f;
  }
  EXPECT_EQ(parse_trc(trc_text(frames, 30.0), "a.trc").dims, 2);
}

// -> the text with the first place of `from` replaced
std::string with_other(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(Trc, SaysWhereItIsBroken) {
  const std::string good = trc_text({test::standing(), test::standing()}, 30.0);
  const auto parse = [](const std::string& text) { return [text] { parse_trc(text, "a.trc"); }; };
  const auto with = [&](const std::string& from, const std::string& to) { return with_other(good, from, to); };
  expect_complaint(parse(""), "a.trc:0: the file ends in its header");
  expect_complaint(parse(with("PathFileType", "Path")), "a.trc:1: expected 'PathFileType'");
  expect_complaint(parse(with("30.000000", "fast")), "a.trc:3: expected a data rate");
  expect_complaint(parse(with("30.000000", "inf")), "a.trc:3: expected a data rate");
  expect_complaint(parse(with("\tm\n", "\tmiles\n")), "a.trc:3: unit 'miles'");
  expect_complaint(parse(with("0.95000", "0.95000x")), "a.trc:6: '0.95000x' is not a number");
  expect_complaint(parse(good.substr(0, good.size() - 20)), "a.trc:7: ");
}

// Text with every part of it replaced.
std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

void expect_same_motion(const MotionClip& a, const MotionClip& b, const std::string& what) {
  ASSERT_EQ(a.frames.size(), b.frames.size()) << what;
  for (std::size_t t = 0; t < a.frames.size(); ++t) {
    for (std::size_t j = 0; j < kJoints; ++j) {
      const Joint3 &x = a.frames[t][j], &y = b.frames[t][j];
      ASSERT_TRUE((x.x == y.x && x.y == y.y && x.z == y.z) || (std::isnan(x.x) && std::isnan(y.x)))
          << what << ": frame " << t << ", " << joint_name(static_cast<int>(j));
    }
  }
}

TEST(Trc, DialectsOfOtherProgramsSayTheSame) {
  const std::string plain = trc_text(test::dance(0.2, 30.0, 120.0), 30.0);
  const MotionClip expected = parse_trc(plain, "a.trc");
  const std::size_t rows = plain.find("\n1\t") + 1;
  const std::string head = plain.substr(0, rows), body = plain.substr(rows);
  const auto same = [&](const std::string& text, const std::string& what) {
    expect_same_motion(parse_trc(text, "a.trc"), expected, what);
  };
  same("\xef\xbb\xbf" + plain, "byte order mark");
  same(replaced(plain, "\n", "\r\n"), "Windows");
  same(replaced(plain, "\n", "\r"), "old Mac");
  same("\n# made by hand\n" + head + "\n# the data\n" + body, "comments and empty lines");
  same(replaced(plain, "\n", "\t\t\n"), "tabs at the ends of lines");
  same(head + replaced(body, "\t", "   "), "blanks between values");
  same(replaced(replaced(replaced(plain, "\t\t\t", "  "), "\t\t", "  "), "\t", "  "), "blanks everywhere");
  same(replaced(replaced(head, "\t\t\t", "\t"), "\t\tX1", "X1") + body, "one tab between names");
  same(replaced(head, "\t\tX1\tY1\tZ1\n", "") + body, "no labels");
  same(replaced(head, "X1\tY1\tZ1", "X5\tY5\tZ5") + body, "labels that begin anywhere");
  same(replaced(head, fmt::format("\t{}\tm\n", kJoints), "\t25\tMeters\n") + body, "more points told than named");
  same(head + replaced(body, "\n", "\t0.1\t0.2\t0.3\n"), "a point without a name at the end");
}

TEST(Trc, NoValueLandsOnAnotherPoint) {
  const std::string head =
      "PathFileType\t4\t(X/Y/Z)\ta\nDataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\n30\t30\t1\t3\tm\n";
  // the second point has no name
  const MotionClip clip = parse_trc(
      head + "Frame#\tTime\tLKnee\t\t\t\t\t\tRKnee\t\t\n\t\tX1\tY1\tZ1\n1\t0\t1\t2\t3\t4\t5\t6\t7\t8\t9\n", "a.trc");
  expect_near(clip.frames[0][kLKnee], 1, 2, 3);
  expect_near(clip.frames[0][kRKnee], 7, 8, 9);
  const std::string two = head + "Frame#\tTime\tLKnee\t\t\tRKnee\n";
  const MotionClip cut =
      parse_trc(two + "1\t0\t1\t2\t3\n2\t0.1\n3\t0.2\t1\t2\t3\t4\t5\t6\n", "a.trc");  // writers that drop empty cells
  ASSERT_EQ(cut.frames.size(), 3u);
  expect_near(cut.frames[0][kLKnee], 1, 2, 3);
  EXPECT_TRUE(std::isnan(cut.frames[0][kRKnee].x) && std::isnan(cut.frames[1][kLKnee].x));
  EXPECT_TRUE(std::isnan(parse_trc(two + "1\t0\tNaN\t-\t3\t4\t5\t6\n", "a.trc").frames[0][kLKnee].y));
  const auto refuse = [&](const std::string& text, const std::string& part) {
    expect_complaint([&] { parse_trc(text, "a.trc"); }, part);
  };
  refuse(two + "1\t0\t1\t2\n", "a.trc:5: 4 values for 3 points");
  refuse(two + "1\t0\t1\t2\t3", "a.trc:5: 5 values");  // cut off
  refuse(two + "1\t0\t1\t2\t3\t4\t5\t6\t7\n", "a.trc:5: 9 values");
  refuse(two + "1 0 1 2 3 4 5 6\n", "a.trc:5: 8 values for 3 points");  // which of three are these two?
  refuse(head + "Frame# Time LKnee RKnee\n1 0 1 2 3 4 5 6 7 8 9\n", "a.trc:4: the names do not stand above");
  refuse(head + "Frame#\tTime\tLKnee\t\tRKnee\n1\t0\t1\t2\t3\t4\t5\t6\n", "a.trc:4: the names do not stand above");
  refuse(two + "1\t0\t1,5\t2\t3\t4\t5\t6\n", "decimal point");
  refuse("\xff\xfeP\0a\0", "a.trc:1: the text is UTF-16");
}

// Hips at the root, one leg and arm chain a side; channels in an order that few tools use.
std::string bvh_text(const std::string& motion, double unit = 1.0) {
  const auto joint = [&](const std::string& name, double x, double y, double z, const std::string& inside) {
    return fmt::format("JOINT {}\n{{\nOFFSET {} {} {}\nCHANNELS 3 Yrotation Zrotation Xrotation\n{}}}\n", name,
                       x * unit, y * unit, z * unit, inside);
  };
  const auto end = [&](double y) { return fmt::format("End Site\n{{\nOFFSET 0 {} 0\n}}\n", y * unit); };
  std::string body = joint(
      "Spine", 0, 0.2, 0,
      joint("Neck", 0, 0.3, 0, joint("Head", 0, 0.1, 0, end(0.1))) +
          joint("LeftShoulder", 0.05, 0.25, 0,
                joint("LeftArm", 0.13, 0, 0, joint("LeftForeArm", 0.28, 0, 0, joint("LeftHand", 0.25, 0, 0, end(0))))) +
          joint("RightShoulder", -0.05, 0.25, 0,
                joint("RightArm", -0.13, 0, 0,
                      joint("RightForeArm", -0.28, 0, 0, joint("RightHand", -0.25, 0, 0, end(0))))));
  body += joint("LeftUpLeg", 0.09, 0, 0, joint("LeftLeg", 0, -0.42, 0, joint("LeftFoot", 0, -0.42, 0, end(-0.05))));
  body += joint("RightUpLeg", -0.09, 0, 0, joint("RightLeg", 0, -0.42, 0, joint("RightFoot", 0, -0.42, 0, end(-0.05))));
  return "HIERARCHY\nROOT Hips\n{\nOFFSET 0 0 0\nCHANNELS 6 Zposition Xposition Yposition Zrotation Xrotation "
         "Yrotation\n" +
         body + "}\n" + motion;
}
constexpr int kBvhNumbers = 6 + 3 * 17;

// One frame: root position (z, x, y), then every rotation 0 but number `turned`.
std::string bvh_frame(double z, double x, double y, int turned, double degrees) {
  std::string line = fmt::format("{} {} {}", z, x, y);
  for (int i = 3; i < kBvhNumbers; ++i) line += fmt::format(" {}", i == turned ? degrees : 0.0);
  return line + "\n";
}
const std::string kBvhHead = "MOTION\nFrames: 2\nFrame Time: 0.02\n";

TEST(Bvh, ForwardKinematicsHasTheKnownAnswer) {
  // number 22: Zrotation of LeftArm = joint 5 behind the root (Spine, Neck, Head, LeftShoulder, LeftArm)
  const int z_of_left_arm = 6 + 3 * 4 + 1;
  const MotionClip clip =
      parse_bvh(bvh_text(kBvhHead + bvh_frame(3, 1, 2, -1, 0) + bvh_frame(3, 1, 2, z_of_left_arm, 90)), "a.bvh");
  ASSERT_EQ(clip.frames.size(), 2u);
  EXPECT_NEAR(clip.fps, 50.0, 1e-9);
  expect_near(clip.frames[0][kHip], 1, 2, 3);
  expect_near(clip.frames[0][kLShoulder], 1.18f, 2.45f, 3);
  expect_near(clip.frames[0][kLElbow], 1.46f, 2.45f, 3);
  expect_near(clip.frames[1][kLElbow], 1.18f, 2.73f, 3);  // the arm points up
  expect_near(clip.frames[1][kLWrist], 1.18f, 2.98f, 3);
  expect_near(clip.frames[1][kRAnkle], 0.91f, 1.16f, 3);
}

TEST(Bvh, RotationsFollowTheOrderOfTheChannels) {
  // root: first Zrotation 90, then Xrotation 90: y -> -x turns within the frame turned by Z
  std::string line = "0 0 0 90 90 0";
  for (int i = 6; i < kBvhNumbers; ++i) line += " 0";
  const MotionClip clip = parse_bvh(bvh_text(kBvhHead + line + "\n" + line + "\n"), "a.bvh");
  // Rz Rx (0, 0.2, 0) = Rz (0, 0, 0.2) = (0, 0, 0.2)
  expect_near(clip.frames[0][kSpine], 0, 0, 0.2f);
  // Rz Rx (0.09, 0, 0) = Rz (0.09, 0, 0) = (0, 0.09, 0)
  expect_near(clip.frames[0][kLHip], 0, 0.09f, 0);
}

TEST(Bvh, SaysWhereItIsBroken) {
  const std::string good = bvh_text(kBvhHead + bvh_frame(0, 0, 1, -1, 0) + bvh_frame(0, 0, 1, -1, 0));
  const auto parse = [](const std::string& text) { return [text] { parse_bvh(text, "a.bvh"); }; };
  const auto with = [&](const std::string& from, const std::string& to) { return with_other(good, from, to); };
  EXPECT_EQ(complaint(parse(good)), "");
  expect_complaint(parse(""), "a.bvh:1: expected 'HIERARCHY'");
  expect_complaint(parse(with("OFFSET 0 0 0", "OFFSET 0 zero 0")), "a.bvh:4: expected a number, found 'zero'");
  expect_complaint(parse(with("Zposition", "Wposition")), "channel 'Wposition'");
  expect_complaint(parse(with("CHANNELS 6", "CHANNELS 1e9")), "channels");
  expect_complaint(parse(with("Frames: 2", "Frames: 3")), "expected a number, found 'its end'");
  expect_complaint(parse(with("Frames: 2", "Frames: 1")), "more numbers than 1 frames need");
  expect_complaint(parse(with("Frames: 2", "Frames: 40000000")), "frames, expected 1 to");
  expect_complaint(parse(with("0.02", "0")), "a frame of 0 s");
  expect_complaint(parse("HIERARCHY ROOT a { } }"), "'}' is out of place");
  expect_complaint(parse("HIERARCHY"), "the file's end");
  std::string deep = "HIERARCHY\nROOT a\n{\n";
  for (int i = 0; i < 6000; ++i) deep += "JOINT b\n{\n";
  expect_complaint(parse(deep), "more than 5000 joints");
}

TEST(Bvh, DialectsOfOtherProgramsSayTheSame) {
  const std::string plain = bvh_text(kBvhHead + bvh_frame(3, 1, 2, -1, 0) + bvh_frame(3, 1, 2, 19, 90));
  const MotionClip expected = parse_bvh(plain, "a.bvh");
  const auto same = [&](const std::string& text, const std::string& what) {
    EXPECT_NE(text, plain) << what;
    const MotionClip clip = parse_bvh(text, "a.bvh");
    EXPECT_NEAR(clip.fps, 50.0, 1e-9) << what;
    expect_same_motion(clip, expected, what);
  };
  const auto with = [&](const std::string& from, const std::string& to) { return replaced(plain, from, to); };
  same("\xef\xbb\xbf" + plain, "byte order mark");
  same(with("\n", "\r\n"), "Windows");
  same(with("\n", "\r"), "old Mac");
  same(with("\n", " \t\n\n"), "blanks and empty lines");
  same("# from a studio\n" + with("MOTION", "// all of it\nMOTION"), "comments");
  same(with("Zposition", "ZPosition"), "ZPosition");
  same(with("rotation", "ROTATION"), "XROTATION");
  same(with("End Site", "End site"), "End site");
  same(with("End Site", "END SITE"), "END SITE");
  same(with("End Site", "End"), "End");
  same(with("HIERARCHY", "Hierarchy"), "Hierarchy");
  same(with("\n{\n", " {"), "braces behind names");
  same(with("Frames: 2", "Frames:2"), "Frames:2");
  same(with("Frame Time: 0.02", "Frame time :\t.02"), "Frame time :");
  same(with("0.02", "2e-2"), "exponents");
  expect_complaint([&] { parse_bvh("\xff\xfeH\0", "a.bvh"); }, "a.bvh:1: the text is UTF-16");
  expect_complaint([&] { parse_bvh(with("OFFSET 0 0.2 0", "OFFSET 0 0,2 0"), "a.bvh"); }, "decimal point");
  expect_complaint([&] { parse_bvh(with("3 1 2", "3 1-2"), "a.bvh"); }, "without a blank between them");
}

TEST(Bvh, ALineTooShortIsNotFilledFromTheNext) {
  std::string rows = bvh_frame(3, 1, 2, -1, 0);
  rows.erase(rows.size() - 3, 2);  // a number less here, one more there: the sum is right
  const std::string text = bvh_text(kBvhHead + bvh_frame(3, 1, 2, -1, 0) + rows + "0 " + bvh_frame(3, 1, 2, -1, 0));
  expect_complaint([&] { parse_bvh(replaced(text, "Frames: 2", "Frames: 3"), "a.bvh"); },
                   fmt::format("a line with other than {} numbers", kBvhNumbers));
  const std::string one_line = replaced(bvh_frame(3, 1, 2, -1, 0) + bvh_frame(3, 1, 2, -1, 0), "\n", " ");
  EXPECT_EQ(parse_bvh(bvh_text(kBvhHead + one_line), "a.bvh").frames.size(), 2u) << "all in one line";
}

TEST(JointNames, KnowTheWordsOfManyTools) {
  const std::vector<std::vector<std::string>> tools = {
      {"mixamorig:Hips", "mixamorig:LeftShoulder", "mixamorig:LeftArm", "mixamorig:LeftForeArm", "mixamorig:LeftHand",
       "mixamorig:LeftUpLeg", "mixamorig:LeftLeg", "mixamorig:LeftFoot", "mixamorig:LeftToeBase"},
      {"CC_Base_Hip", "CC_Base_L_Clavicle", "CC_Base_L_Upperarm", "CC_Base_L_Forearm", "CC_Base_L_Hand",
       "CC_Base_L_Thigh", "CC_Base_L_Calf", "CC_Base_L_Foot", "CC_Base_L_ToeBase"},
      {"pelvis", "clavicle_l", "upperarm_l", "lowerarm_l", "hand_l", "thigh_l", "calf_l", "foot_l", "ball_l"},
      {"hips", "shoulder.L", "upper_arm.L", "forearm.L", "hand.L", "thigh.L", "shin.L", "foot.L", "toe.L"},
      {"root", "lclavicle", "left_shoulder", "left_elbow", "left_wrist", "left_hip", "left_knee", "left_ankle",
       "left_foot_index"},
      {"Bip01", "Bip01 L Clavicle", "Bip01 L UpperArm", "Bip01 L Forearm", "Bip01 L Hand", "Bip01 L Thigh",
       "Bip01 L Calf", "Bip01 L Foot", "Bip01 L Toe0"},
      {"Hips", "__Clavicle_L", "UpArm_L", "LoArm_L", "Hand_L", "UpLeg_L", "LoLeg_L", "Foot_L", "Toe_L"},
      {"Character1_Hips", "Character1_LeftShoulder", "Character1_LeftArm", "Character1_LeftForeArm",
       "Character1_LeftHand", "Character1_LeftUpLeg", "Character1_LeftLeg", "Character1_LeftFoot",
       "Character1_LeftToeBase"},
      {"root", "lcollar", "lshoulder", "lelbow", "lwrist", "lhip", "lknee", "lankle", "ltoe"},
      {"root", "lclavicle", "lhumerus", "lradius", "lwrist", "lfemur", "ltibia", "lfoot", "ltoes"},
      {"HIP", "LEFT_COLLAR", "LEFT_UPPER_ARM", "LEFT_LOWER_ARM", "LEFT_HAND", "LEFT_UPPER_LEG", "LEFT_LOWER_LEG",
       "LEFT_FOOT", "LEFT_TOE"},
      {"Hip", "LCollar", "LUArm", "LFArm", "LHand", "LThigh", "LShin", "LFoot", "LToe"},
      {"SACR", "CLAV", "LSHO", "LELB", "LWRA", "LASI", "LKNE", "LANK", "LTOE"},
      {"hip", "lCollar", "lShldrBend", "lForearmBend", "lHand", "lThighBend", "lShin", "lFoot", "lToe"},
      {"J_Bip_C_Hips", "J_Bip_L_Shoulder", "J_Bip_L_UpperArm", "J_Bip_L_LowerArm", "J_Bip_L_Hand", "J_Bip_L_UpperLeg",
       "J_Bip_L_LowerLeg", "J_Bip_L_Foot", "J_Bip_L_ToeBase"},
      {"SpineBase", "SpineShoulder", "ShoulderLeft", "ElbowLeft", "WristLeft", "HipLeft", "KneeLeft", "AnkleLeft",
       "ToesLeft"},
      {"hips", "left_shoulder_1_joint", "left_arm_joint", "left_forearm_joint", "left_hand_joint", "left_upLeg_joint",
       "left_leg_joint", "left_foot_joint", "left_toes_joint"},
      {"leftdancer:hips", "x", "leftupperarm", "leftlowerarm", "lefthand", "leftupperleg", "leftlowerleg", "leftfoot",
       "lefttoes"},
      {"DEF-spine", "DEF-shoulder.L", "DEF-upper_arm.L", "DEF-forearm.L", "DEF-hand.L", "DEF-thigh.L", "DEF-shin.L",
       "DEF-foot.L", "DEF-toe.L"},
  };
  const Joint expected[] = {kHip, kSpine, kLShoulder, kLElbow, kLWrist, kLHip, kLKnee, kLAnkle, kLBigToe};
  for (const auto& names : tools) {
    const std::array<int, kJoints> match = match_joints(names);
    for (std::size_t i = 2; i < names.size(); ++i) {
      EXPECT_EQ(match[expected[i]], static_cast<int>(i)) << names[i] << " should be " << joint_name(expected[i]);
    }
  }
}

// -> the name that each joint got; "" none
std::array<std::string, kJoints> matched(const std::vector<std::string>& names, const std::vector<int>& parents = {}) {
  const std::array<int, kJoints> match = match_joints(names, parents);
  std::array<std::string, kJoints> found;
  for (std::size_t j = 0; j < kJoints; ++j) found[j] = match[j] < 0 ? "" : names[static_cast<std::size_t>(match[j])];
  return found;
}

TEST(JointNames, TheOthersOfItsSideSayWhatAWordMeans) {
  auto found = matched({"LeftShoulder", "LeftArm", "LeftForeArm", "LeftUpLeg", "LeftLeg"});
  EXPECT_EQ(found[kLShoulder], "LeftArm");
  EXPECT_EQ(found[kLKnee], "LeftLeg");
  found = matched({"LeftShoulder", "LeftElbow", "LeftHip", "LeftLeg"});
  EXPECT_EQ(found[kLShoulder], "LeftShoulder");
  EXPECT_EQ(found[kLHip], "LeftHip");
  EXPECT_EQ(found[kLKnee], "LeftLeg");
  found = matched({"leg.L", "shin.L", "arm.L", "lower_arm.L"});
  EXPECT_EQ(found[kLHip], "leg.L");
  EXPECT_EQ(found[kLKnee], "shin.L");
  EXPECT_EQ(found[kLShoulder], "arm.L");
  found = matched({"Leg1_R", "Leg2_R", "Arm2_R", "Arm1_R"});
  EXPECT_EQ(found[kRHip], "Leg1_R");
  EXPECT_EQ(found[kRKnee], "Leg2_R");
  EXPECT_EQ(found[kRShoulder], "Arm1_R");
  EXPECT_EQ(found[kRElbow], "Arm2_R");
  found = matched({"root", "lhipjoint", "lfemur", "ltibia"}, {-1, 0, 1, 2});
  EXPECT_EQ(found[kLHip], "lfemur");
  found = matched({"b", "L_Knee", "L_Ankle", "L_Foot"}, {-1, 0, 1, 2});
  EXPECT_EQ(found[kLBigToe], "L_Foot");
  found = matched({"upperarm_l", "upperarm_twist_01_l", "lowerarm_l", "ik_hand_l", "hand_l"});
  EXPECT_EQ(found[kLShoulder], "upperarm_l");
  EXPECT_EQ(found[kLWrist], "hand_l");
  found = matched({"__UpLeg_L", "UpLeg_L", "LoLeg_L"}, {-1, 0, 1});
  EXPECT_EQ(found[kLHip], "UpLeg_L");
}

TEST(JointNames, WhatOnlyLooksLikeAJointIsNone) {
  for (const char* name : {"LeftArmor", "legacy_r", "Bip01 Footsteps", "L_Heel", "LSmallToe", "LeftEye", "L5", "ring_l",
                           "handle_l", "lens", "rope", "alarm"}) {
    for (const std::string& found : matched({name})) EXPECT_EQ(found, "") << name;
  }
}

TEST(JointNames, LimbsThatHangTheWrongWayRoundAreNotTaken) {
  // an elbow above its shoulder, and an arm that hangs on a leg
  auto found = matched({"Hips", "LeftForeArm", "LeftArm", "LeftHand"}, {-1, 0, 1, 2});
  EXPECT_EQ(found[kLShoulder] + found[kLElbow] + found[kLWrist], "");
  found = matched({"Hips", "RightUpLeg", "RightLeg", "RightArm", "RightForeArm"}, {-1, 0, 1, 2, 3});
  EXPECT_EQ(found[kRShoulder], "");
  EXPECT_EQ(found[kRHip], "RightUpLeg");
}

TEST(JointNames, OneOfSeveralDancersIsTaken) {
  const auto found = matched({"Ann:LKnee", "Bob:LKnee", "Bob:LHip", "Ann:LAnkle", "Bob:LAnkle"});
  EXPECT_EQ(found[kLKnee], "Bob:LKnee");
  EXPECT_EQ(found[kLAnkle], "Bob:LAnkle");
  // two roots whose joints have the same names
  const std::vector<std::string> names = {"Hips", "LKnee", "Hips", "LKnee", "LAnkle"};
  const std::vector<int> parents = {-1, 0, -1, 2, 3};
  EXPECT_EQ(match_joints(names, parents)[kLKnee], 3);
}

TEST(JointNames, TheHipsAreWhereTheLegsMeet) {
  // a root on the floor, hips that have no word for it
  const auto found = matched({"Reference", "b_123", "LeftUpLeg", "RightUpLeg"}, {-1, 0, 1, 1});
  EXPECT_EQ(found[kHip], "b_123");
}

TEST(JointNames, AHandIsAWristWhereThereIsNoOther) {
  const std::vector<std::string> estimator = {"LWrist", "LHand"}, animator = {"LeftHand", "LeftHandMiddle1"};
  EXPECT_EQ(match_joints(estimator)[kLWrist], 0);
  EXPECT_EQ(match_joints(estimator)[kLHand], 1);
  EXPECT_EQ(match_joints(animator)[kLWrist], 0);
  EXPECT_EQ(match_joints(animator)[kLHand], 1);
}

TEST(Skeleton, MirroringTwiceIsNothing) {
  for (int j = 0; j < kJoints; ++j) {
    EXPECT_EQ(mirrored_joint(mirrored_joint(j)), j);
    std::string name(joint_name(j));
    if (name[0] == 'L') name[0] = 'R';
    if (joint_name(j)[0] == 'L') {
      EXPECT_EQ(joint_name(mirrored_joint(j)), name);
    }
  }
}

MotionClip standing_clip() {
  MotionClip clip;
  clip.name = "standing";
  clip.fps = 30.0;
  clip.frames.assign(10, test::standing());
  return clip;
}

TEST(Skeleton, EveryDancerBecomesOneSize) {
  for (const double size : {1.0, 100.0, 0.01, 39.37}) {
    MotionClip clip = standing_clip();
    for (Pose3& pose : clip.frames) {
      for (Joint3& j : pose)
        j = {static_cast<float>(j.x * size), static_cast<float>(j.y * size), static_cast<float>(j.z * size)};
    }
    complete(clip, "a");
    EXPECT_NEAR(stature(clip), kStatureMetres, 1e-3) << "size " << size;
  }
  EXPECT_EQ(guess_unit(1.8), "m");
  EXPECT_EQ(guess_unit(165), "cm");
  EXPECT_EQ(guess_unit(1702), "mm");
  EXPECT_EQ(guess_unit(68), "inch");
  EXPECT_EQ(guess_unit(5.6), "foot");
  EXPECT_EQ(guess_unit(14), "own unit");
}

TEST(Skeleton, FillsInWhatIsMissing) {
  MotionClip clip = standing_clip();
  const float nan = std::nanf("");
  for (Pose3& pose : clip.frames) {
    for (const Joint j : {kHip, kSpine, kNeck, kHead, kLHand, kRHand, kLBigToe, kRBigToe}) pose[j] = {nan, nan, nan};
  }
  clip.frames[4][kLWrist] = {nan, nan, nan};  // a gap
  complete(clip, "a");
  const Pose3& pose = clip.frames[4];
  for (const Joint3& j : pose) EXPECT_TRUE(std::isfinite(j.x + j.y + j.z));
  EXPECT_NEAR(pose[kHip].x, 0.0f, 1e-5f);
  EXPECT_GT(pose[kHead].y, pose[kNeck].y + 0.1f);
  EXPECT_LT(pose[kLHand].y, pose[kLWrist].y) << "the hand continues the forearm";
  EXPECT_NEAR(pose[kLWrist].y, clip.frames[3][kLWrist].y, 1e-5f) << "gaps are bridged";
  EXPECT_GT(pose[kLBigToe].z, pose[kLAnkle].z + 0.05f) << "feet point ahead";
  EXPECT_GT(pose[kLBigToe].x, pose[kLAnkle].x) << "and a little outwards";
  EXPECT_LT(pose[kRBigToe].x, pose[kRAnkle].x);
}

TEST(Skeleton, TurnsUprightWhatLies) {
  MotionClip clip = standing_clip();
  for (Pose3& pose : clip.frames) {
    for (Joint3& j : pose) j = {j.x, -j.z, j.y};  // z up
  }
  complete(clip, "a");
  EXPECT_GT(clip.frames[0][kHead].y, clip.frames[0][kHip].y + 0.5f);
  EXPECT_GT(clip.frames[0][kLBigToe].z, clip.frames[0][kLAnkle].z) << "still facing the viewer";
}

TEST(Skeleton, ListsJointsThatItCannotDoWithout) {
  MotionClip clip = standing_clip();
  const float nan = std::nanf("");
  for (Pose3& pose : clip.frames) pose[kLKnee] = pose[kRWrist] = {nan, nan, nan};
  expect_complaint([&] { complete(clip, "a.trc"); }, "a.trc: no joint for RWrist, LKnee");
  for (Pose3& pose : clip.frames) pose[kLKnee] = pose[kRWrist] = {nan, nan, nan};
  clip.unused_names = {"Knie", "Hand rechts"};
  const std::string text = complaint([&] { complete(clip, "a.trc"); });
  for (const char* part :
       {"right wrist or hand", "left knee, shin", "not used: 'Knie', 'Hand rechts'", "RightHand is understood"})
    EXPECT_NE(text.find(part), std::string::npos) << text;
  MotionClip one = standing_clip();
  one.frames.resize(1);
  expect_complaint([&] { complete(one, "a.trc"); }, "fewer than two frames");
  MotionClip nothing = standing_clip();
  for (Pose3& pose : nothing.frames) pose.fill({0, 0, 0});
  expect_complaint([&] { complete(nothing, "a.trc"); }, "the body has no height");
}

TEST(Manifest, ReadsColumnsByName) {
  const auto rows = parse_manifest(
      "fps,clip,licence,exact_bpm,dims,source\n30,a,\"CC-BY-4.0, modified \"\"here\"\"\",120,2,x\n30,b,CC0,,,\n",
      "m.csv");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows.at("a").licence, "CC-BY-4.0, modified \"here\"");
  EXPECT_EQ(rows.at("a").exact_bpm, 120.0);
  EXPECT_EQ(rows.at("a").dims, 2);
  EXPECT_EQ(rows.at("b").exact_bpm, 0.0);
  EXPECT_EQ(rows.at("b").dims, 0);
  const auto european =
      parse_manifest("\xef\xbb\xbf# clips\r\n\r\nClip;Licence;exact_bpm\r\na;CC-BY-4.0, modified;120.5\r\n", "m.csv");
  ASSERT_EQ(european.count("a"), 1u);
  EXPECT_EQ(european.at("a").licence, "CC-BY-4.0, modified");
  EXPECT_EQ(european.at("a").exact_bpm, 120.5);
  EXPECT_EQ(parse_manifest("clip\tlicence\ra\tCC0\r", "m.csv").at("a").licence, "CC0");
  expect_complaint([] { parse_manifest("clip;exact_bpm\na;120,5\n", "m.csv"); }, "decimal point");
  expect_complaint([] { parse_manifest(std::string_view("c\0l\0", 4), "m.csv"); }, "m.csv:1: not a plain text");
  expect_complaint([] { parse_manifest("name\nx\n", "m.csv"); }, "m.csv:1: no column 'clip'");
  expect_complaint([] { parse_manifest("clip,exact_bpm\na,fast\n", "m.csv"); }, "m.csv:2: exact_bpm is 'fast'");
}

TEST(Motion, ReadsAFileWithItsManifest) {
  const fs::path folder = fs::path(testing::TempDir()) / "ombra_motion_test";
  write_atomically(folder / "swing.trc", trc_text(test::dance(1.0, 60.0, 120.0), 60.0));
  write_atomically(folder / "manifest.csv", "clip,licence,source,exact_bpm,party_score\nswing,CC0,made up,120,3\n");
  const MotionClip clip = read_motion(folder / "swing.trc");
  EXPECT_EQ(clip.name, "swing");
  EXPECT_EQ(clip.licence, "CC0");
  EXPECT_EQ(clip.exact_bpm, 120.0);
  EXPECT_EQ(clip.party_score, 3);
  expect_complaint([&] { read_motion(folder / "manifest.csv"); }, "no motion file");
  expect_complaint([&] { read_motion(folder / "none.trc"); }, "none.trc");
  fs::remove_all(folder);
}

// Real motion capture, where it lies beside the repository or where OMBRA_SHARED says.
TEST(Motion, ReadsRealCapture) {
  const char* given = std::getenv("OMBRA_SHARED");
  const fs::path folder = fs::path(given ? given : OMBRA_SOURCE "/../shared") / "data";
  if (!fs::is_directory(folder / "bvh")) GTEST_SKIP() << "no real motion capture here: set OMBRA_SHARED to its folder";
  int files = 0;
  for (const char* part : {"bvh", "motion"}) {
    for (const auto& entry : fs::directory_iterator(folder / part)) {
      if (entry.path().extension() != ".bvh" && entry.path().extension() != ".trc") continue;
      const MotionClip clip = read_motion(entry.path());
      ++files;
      EXPECT_NEAR(stature(clip), kStatureMetres, 0.01) << entry.path();
      double up = 0.0;
      for (const Pose3& pose : clip.frames) up += pose[kHead].y - pose[kLAnkle].y;
      EXPECT_GT(up / static_cast<double>(clip.frames.size()), 0.6) << entry.path() << " does not stand upright";
    }
  }
  EXPECT_GT(files, 3);
}

}  // namespace
}  // namespace ombra::train
