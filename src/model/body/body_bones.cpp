#include "model/body/body_bones.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace ombra::model {
namespace {

using enum BodyBone;

struct Name {
  std::string_view word;  // letters only
  BodyBone bone;
  int number = 0;
};

// Without side and number. The first name that fits wins.
constexpr Name kNamesOfBones[] = {
    {"hips", kHips},
    {"hip", kHips},
    {"pelvis", kHips},
    {"root", kHips, 1},
    {"upperchest", kChest},
    {"chest", kChest},
    {"spine", kSpine},
    {"abdomen", kSpine},
    {"neck", kNeck},
    {"head", kHead},
    {"shoulder", kShoulder},
    {"clavicle", kShoulder},
    {"collar", kShoulder},
    {"upperarm", kUpperArm},
    {"arm", kUpperArm},
    {"lowerarm", kLowerArm},
    {"forearm", kLowerArm},
    {"hand", kHand},
    {"wrist", kHand},
    {"upperleg", kUpperLeg},
    {"thigh", kUpperLeg},
    {"upleg", kUpperLeg},
    {"lowerleg", kLowerLeg},
    {"shin", kLowerLeg},
    {"calf", kLowerLeg},
    {"leg", kLowerLeg},
    {"foot", kFoot},
    {"ankle", kFoot},
    {"toes", kToes},
    {"toebase", kToes},
    {"toe", kToes},
    {"ball", kToes},
    {"thumb", kThumb},
    {"index", kIndex},
    {"middle", kMiddle},
    {"ring", kRing},
    {"pinky", kPinky},
    {"little", kPinky},
    {"handthumb", kThumb},
    {"handindex", kIndex},
    {"handmiddle", kMiddle},
    {"handring", kRing},
    {"handpinky", kPinky},
    {"findex", kIndex},
    {"fmiddle", kMiddle},
    {"fring", kRing},
    {"fpinky", kPinky},
    {"thumbmetacarpal", kThumb, 1},
    {"thumbproximal", kThumb, 2},
    {"thumbintermediate", kThumb, 2},
    {"thumbdistal", kThumb, 3},
    {"indexproximal", kIndex, 1},
    {"indexintermediate", kIndex, 2},
    {"indexdistal", kIndex, 3},
    {"middleproximal", kMiddle, 1},
    {"middleintermediate", kMiddle, 2},
    {"middledistal", kMiddle, 3},
    {"ringproximal", kRing, 1},
    {"ringintermediate", kRing, 2},
    {"ringdistal", kRing, 3},
    {"littleproximal", kPinky, 1},
    {"littleintermediate", kPinky, 2},
    {"littledistal", kPinky, 3},
};
constexpr BodyBone kFingerNumbers[] = {kThumb, kIndex, kMiddle, kRing, kPinky};  // MakeHuman's finger1 to finger5
constexpr std::string_view kPrefixes[] = {"mixamorig", "bip", "def", "org"};
constexpr std::string_view kSkipped[] = {"end",         "nub",  "twist",  "ik",     "roll",   "sec",    "adj",
                                         "metacarpals", "pole", "target", "helper", "jiggle", "correct"};

// "mixamorig:LeftHandIndex2" -> mixamorig, left, hand, index, 2
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  char before = '\0';
  for (const char c : name) {
    if (!is_letter_or_digit(c)) {
      before = '\0';
      continue;
    }
    const bool starts = before == '\0' || is_digit(c) != is_digit(before) || (is_upper(c) && !is_upper(before));
    if (starts) words.emplace_back();
    words.back() += lower(c);
    before = c;
  }
  return words;
}

BodySide side_of(std::vector<std::string>& words) {
  BodySide side = BodySide::kMiddle;
  std::erase_if(words, [&](const std::string& word) {
    const bool left = word == "l" || word == "left", right = word == "r" || word == "right";
    if (left) side = BodySide::kLeft;
    if (right) side = BodySide::kRight;
    return left || right;
  });
  return side;
}

// Words that say nothing of the bone: what stands before the names of a rig, and VRoid's "C" for the middle.
void drop_prefixes(std::vector<std::string>& words) {
  std::erase_if(words, [](const std::string& word) {
    return word == "c" || word == "j" || std::ranges::find(kPrefixes, word) != std::end(kPrefixes);
  });
}

bool has_side(BodyBone bone) { return bone >= kShoulder; }

}  // namespace

std::optional<BoneRole> bone_role(std::string_view name) {
  if (name.size() > 200) return {};
  std::vector<std::string> words = words_of(name);
  const BodySide side = side_of(words);
  drop_prefixes(words);
  std::string letters;
  std::vector<int> numbers;
  for (const std::string& word : words) {
    if (std::ranges::find(kSkipped, word) != std::end(kSkipped)) return {};
    if (is_digit(word[0]))
      numbers.push_back(word.size() < 4 ? std::stoi(word) : 0);
    else
      letters += word;
  }
  const int number = numbers.empty() ? 0 : numbers.back();
  if (letters == "finger" && numbers.size() == 2 && numbers[0] >= 1 && numbers[0] <= kFingers &&
      side != BodySide::kMiddle)
    return BoneRole{kFingerNumbers[numbers[0] - 1], side, std::clamp(number, 1, 4)};
  for (const Name& known : kNamesOfBones) {
    if (known.word != letters) continue;
    if (has_side(known.bone) != (side != BodySide::kMiddle)) return {};
    const int counted = known.number > 0 ? known.number : is_finger(known.bone) ? std::max(number, 1) : number;
    if (is_finger(known.bone) && counted > 4) return {};
    return BoneRole{known.bone, side, counted};
  }
  return {};
}

}  // namespace ombra::model
