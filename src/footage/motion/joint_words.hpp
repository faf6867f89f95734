#pragma once
// What the name of a joint says, taken apart into words: which side, which part of the body.
// Thread: any.

#include <string_view>

namespace ombra::train {

// Arm, leg, shoulder, hip, hand and foot mean another joint in each program: what else there is decides
// (joint_names.hpp).
enum class Part {
  kNone,
  kRoot,  // "root", "reference", or nothing but the program's own words
  kPelvis,
  kHips,
  kSpineBase,
  kSpine,
  kChest,  // and back, waist, belly
  kNeck,
  kNeckTop,
  kVertebra,  // C7
  kHead,
  kFace,
  kCollar,
  kShoulder,
  kArm,
  kUpperArm,
  kForearm,
  kElbow,
  kWrist,
  kHand,
  kPalm,
  kHandEnd,
  kMiddleFinger,
  kIndexFinger,
  kFingers,  // without saying which
  kThumb,
  kThigh,
  kHipBone,  // a point of the pelvis on one side
  kLeg,
  kShin,
  kKnee,
  kAnkle,
  kFoot,
  kFootEnd,
  kBigToe,
  kToes,  // where they begin: "toe base", "toes"
  kToeEnd,
  kBall,
};

struct JointWords {
  char side = 'M';  // L, R, or M: none
  Part part = Part::kNone;
  int number = -1;    // that follows the part, "spine 2"; -1: none
  int odd_words = 0;  // that are not understood, or say that it is no joint of the body itself: twist, ik, end
  bool plain = true;  // the name begins with a letter or a digit
};

// "mixamorig:LeftUpLeg", "CC_Base_L_Thigh", "thigh.L", "lfemur", "UpLeg_L", "Bip01 L Thigh" -> {L, thigh}.
// What stands before the last : or | is a name space and left aside. Words end at separators, where capitals begin,
// and before and after digits; one that is still not known is taken apart into known ones, "rupleg".
JointWords joint_words(std::string_view name);

}  // namespace ombra::train
