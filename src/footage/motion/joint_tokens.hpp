#pragma once
// The words and numbers that the name of a joint is made of, each known by its meaning.
// Thread: any.

#include <string_view>
#include <vector>

namespace ombra::train {

enum class Word {
  kUnknown,
  kNumber,
  kNoise,  // says nothing
  kOdd,    // no joint of the body itself: twist, ik, ...
  kLeft,
  kRight,
  kUp,
  kLow,
  kMid,
  kEnd,
  kBase,
  kSmall,
  kBig,
  kRoot,
  kPelvis,
  kHips,
  kSpine,
  kChest,
  kNeck,
  kVertebra,
  kHead,
  kFace,
  kOther,
  kCollar,
  kShoulder,
  kArm,
  kUpperArm,
  kForearm,
  kElbow,
  kWrist,
  kHand,
  kPalm,
  kFinger,
  kThumb,
  kIndex,
  kRing,
  kHipBone,
  kThigh,
  kLeg,
  kShin,
  kKnee,
  kAnkle,
  kHeel,
  kFoot,
  kToe,
  kBall,
};

struct Token {
  Word word = Word::kUnknown;
  int number = -1;
};

// "LeftUpLeg2" -> left, up, leg, 2. What is not understood is one unknown word.
std::vector<Token> tokens_of(std::string_view name);

}  // namespace ombra::train
