#include "train/joint_names.hpp"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace ombra::train {
namespace {

struct Synonyms {
  Joint left, right;                              // the same for joints in the middle
  std::initializer_list<std::string_view> names;  // without side, best first
};

// "shoulder" is the shoulder joint for pose estimators but the collar bone for animators, who call the joint "arm":
// the animators' words come first, because they never mean anything else. So it goes with "hand" and the wrist.
// Sources: OpenSim/Pose2Sim and COCO markers, Mixamo, Rokoko, CMU/ASF, 3ds Max Biped, Character Creator, Blender
// Rigify, Unreal mannequin, VRM, Perception Neuron, SMPL, Xsens.
const Synonyms kTable[] = {
    {kHip, kHip, {"hip", "hips", "midhip", "pelvis", "root", "centerhip", "reference"}},
    {kSpine,
     kSpine,
     {"spine2", "spine1", "spine02", "spine01", "spine", "chest", "lowerback", "abdomen", "torso", "waist"}},
    {kNeck, kNeck, {"neck", "neck1", "neck01", "neckbase", "necktwist01", "c7"}},
    {kHead, kHead, {"head", "headcenter", "face", "nose"}},
    {kLShoulder, kRShoulder, {"arm", "uparm", "upperarm", "uparm1", "shldr", "humerus", "shoulder"}},
    {kLElbow, kRElbow, {"elbow", "forearm", "lowerarm", "lowarm", "lowerarm1", "radius"}},
    {kLWrist, kRWrist, {"wrist", "hand", "palm"}},
    {kLHand,
     kRHand,
     {"handmiddle1", "mid1", "middle1", "middle01", "handindex1", "index1", "index01", "indexfinger1", "fingerbase",
      "handend", "hand", "fingers", "knuckle"}},
    {kLHip, kRHip, {"upleg", "upperleg", "thigh", "hipjoint", "femur", "hip"}},
    {kLKnee, kRKnee, {"knee", "lowleg", "lowerleg", "shin", "calf", "tibia", "leg"}},
    {kLAnkle, kRAnkle, {"ankle", "foot"}},
    {kLBigToe, kRBigToe, {"bigtoe", "toebase", "toes", "toe", "toe0", "ball", "footindex", "toebaseend", "footend"}},
};

bool starts(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }
bool ends(std::string_view text, std::string_view with) {
  return text.size() >= with.size() && text.substr(text.size() - with.size()) == with;
}

struct PlainName {
  char side = 'M';  // L, R or M
  std::string word;
};

// "mixamorig:LeftUpLeg", "CC_Base_L_Thigh", "thigh.L", "left_thigh", "Bip01 L Thigh" -> {L, upleg/thigh}
PlainName plain(std::string_view name) {
  const std::size_t space = name.find_last_of(":|");
  if (space != std::string_view::npos) name.remove_prefix(space + 1);
  std::vector<std::string> parts{""};  // split at separators and where an upper-case letter follows a lower-case one
  for (std::size_t i = 0; i < name.size() && i < 128; ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    const bool hump = i > 0 && std::isupper(c) && std::islower(static_cast<unsigned char>(name[i - 1]));
    const bool side_letter = i == 1 && (name[0] == 'L' || name[0] == 'R') && std::isupper(c);  // LHip
    if ((!std::isalnum(c) || hump || side_letter) && !parts.back().empty()) parts.emplace_back();
    if (std::isalnum(c)) parts.back() += static_cast<char>(std::tolower(c));
  }
  PlainName result;
  for (std::string& part : parts) {
    const bool known_prefix = part == "cc" || part == "base" || part == "bip" || part == "bip01" || part == "def" ||
                              part == "mixamorig" || part == "jnt" || part == "bip001" || part == "joint";
    if (known_prefix && result.word.empty()) continue;
    if (part == "l" || part == "left") {
      result.side = 'L';
    } else if (part == "r" || part == "right") {
      result.side = 'R';
    } else {
      result.word += part;
    }
  }
  for (const auto& [word, side] : {std::pair{"left", 'L'}, std::pair{"right", 'R'}}) {  // all in small letters
    if (result.side != 'M') break;
    const std::string_view w(word);
    if (starts(result.word, w) && result.word.size() > w.size()) {
      result = {side, result.word.substr(w.size())};
    } else if (ends(result.word, w) && result.word.size() > w.size()) {
      result = {side, result.word.substr(0, result.word.size() - w.size())};
    }
  }
  return result;
}

}  // namespace

std::array<int, kJoints> match_joints(std::span<const std::string> names) {
  std::vector<PlainName> words;
  for (const std::string& name : names) words.push_back(plain(name));
  std::array<int, kJoints> found;
  found.fill(-1);
  std::vector<bool> used(names.size(), false);
  for (const Synonyms& row : kTable) {
    for (const auto& [joint, side] :
         {std::pair{row.left, row.left == row.right ? 'M' : 'L'}, std::pair{row.right, 'R'}}) {
      for (const std::string_view word : row.names) {
        if (found[joint] >= 0) break;
        for (std::size_t i = 0; i < words.size() && found[joint] < 0; ++i) {
          if (!used[i] && words[i].side == side && words[i].word == word) {
            found[joint] = static_cast<int>(i);
            used[i] = true;
          }
        }
      }
    }
  }
  return found;
}

}  // namespace ombra::train
