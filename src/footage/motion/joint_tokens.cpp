#include "footage/motion/joint_tokens.hpp"

#include "core/text.hpp"
#include "footage/motion/text.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace ombra::train {
namespace {

struct Row {
  Word word;
  std::string_view names;  // with a point behind those that are too short to be looked for within other letters
};

// Words of Mixamo, HumanIK and MotionBuilder, CMU and Acclaim, 3ds Max Biped, Poser and DAZ, Character Creator,
// MakeHuman, Blender and Rigify, Unreal, VRM, Perception Neuron, Xsens, OptiTrack, Kinect, ARKit, MediaPipe, SMPL,
// OpenSim, COCO and OpenPose, Vicon's Plug-in Gait.
constexpr Row kRows[] = {
    {Word::kLeft, "left lft. lf. lt."},
    {Word::kRight, "right rgt. rt."},
    {Word::kUp, "up upper upr."},
    {Word::kLow, "lo low lower lwr. fore"},
    {Word::kMid, "mid middle center centre"},
    {Word::kEnd, "end tip nub top effector"},
    {Word::kBase, "base"},
    {Word::kSmall, "small little pinky pinkie"},
    {Word::kBig, "big great hallux"},
    {Word::kRoot, "root reference armature skeleton"},
    {Word::kHips, "hip hips"},
    {Word::kPelvis, "pelvis cog."},
    {Word::kHipBone, "asi asis"},
    {Word::kSpine, "spine"},
    {Word::kChest, "chest back abdomen ab. torso waist thorax belly trunk"},
    {Word::kNeck, "neck"},
    {Word::kVertebra, "c7."},
    {Word::kHead, "head skull"},
    {Word::kFace, "face nose"},
    {Word::kOther,
     "eye eyes eyebrow brow ear jaw tongue teeth lip mouth hair breast pectoral rib ribs buttock skirt tail prop "
     "weapon footsteps mass"},
    {Word::kCollar, "collar clavicle clav scapula"},
    {Word::kShoulder, "shoulder shoulders shldr sho"},
    {Word::kArm, "arm"},
    {Word::kUpperArm, "uarm bicep humerus"},
    {Word::kForearm, "farm radius ulna"},
    {Word::kElbow, "elbow elb"},
    {Word::kWrist, "wrist wra wrb"},
    {Word::kHand, "hand"},
    {Word::kPalm, "palm"},
    {Word::kFinger, "finger fingers fin knuckle"},
    {Word::kThumb, "thumb"},
    {Word::kIndex, "index pointer"},
    {Word::kRing, "ring"},
    {Word::kThigh, "thigh femur"},
    {Word::kLeg, "leg"},
    {Word::kShin, "shin calf tibia"},
    {Word::kKnee, "knee kne"},
    {Word::kAnkle, "ankle ank"},
    {Word::kHeel, "heel"},
    {Word::kFoot, "foot"},
    {Word::kToe, "toe toes metatarsal metatarsals"},
    {Word::kBall, "ball"},
    {Word::kOdd, "twist roll ik. fk. mch. pole target share helper ctrl control tweak"},
    {Word::kNoise,
     "bone joint jnt jt. bn. bend bind skin def. org. cc. rig mixamorig mixamo bip biped valve character marker b. c. "
     "j. m."},
};

struct Entry {
  std::string_view text;
  Word word;
  bool alone;
};

const std::vector<Entry>& vocabulary() {
  static const std::vector<Entry> kEntries = [] {
    std::vector<Entry> entries;
    for (const Row& row : kRows) {
      for (const std::string_view name : split(row.names, ' '))
        entries.push_back({name.substr(0, name.find('.')), row.word, name.back() == '.'});
    }
    return entries;
  }();
  return kEntries;
}

Token number_token(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = std::min(100000, 10 * value + (c - '0'));
  return {Word::kNumber, value};
}

std::optional<Word> whole_word(std::string_view text) {
  if (text == "l") return Word::kLeft;
  if (text == "r") return Word::kRight;
  for (const Entry& entry : vocabulary()) {
    if (entry.text == text) return entry.word;
  }
  return std::nullopt;
}

// -> the fewest known words that letters are made of, nothing where they are not; a side's single letter stands only
// at either end
std::optional<std::vector<Token>> taken_apart(std::string_view text) {
  if (const auto word = whole_word(text)) return std::vector<Token>{{*word}};
  constexpr int kNever = 1000, kWord = 4, kLetter = 5;  // costs; between two readings a letter loses against a word
  struct Best {
    int cost = kNever;
    std::size_t from = 0;
    Token token;
  };
  std::vector<Best> best(text.size() + 1);
  best[0].cost = 0;
  const auto reach = [&](std::size_t from, std::size_t to, int cost, Token token) {
    if (best[from].cost + cost < best[to].cost) best[to] = {best[from].cost + cost, from, token};
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (best[at].cost >= kNever) continue;
    if (is_digit(text[at])) {
      std::size_t to = at;
      while (to < text.size() && is_digit(text[to])) ++to;
      reach(at, to, kWord, number_token(text.substr(at, to - at)));
      continue;
    }
    if ((at == 0 || at + 1 == text.size()) && (text[at] == 'l' || text[at] == 'r'))
      reach(at, at + 1, kLetter, {text[at] == 'l' ? Word::kLeft : Word::kRight});
    for (const Entry& entry : vocabulary()) {
      if (!entry.alone && text.substr(at, entry.text.size()) == entry.text)
        reach(at, at + entry.text.size(), kWord, {entry.word});
    }
  }
  if (best.back().cost >= kNever) return std::nullopt;
  std::vector<Token> tokens;
  for (std::size_t at = text.size(); at > 0; at = best[at].from) tokens.push_back(best[at].token);
  std::reverse(tokens.begin(), tokens.end());
  return tokens;
}

// "LeftUpLeg2" -> left, up, leg, 2. chunk: letters and digits only
void add_chunk(std::string_view chunk, std::vector<Token>& tokens) {
  const std::string small = lower(chunk);
  if (const auto word = whole_word(small)) return tokens.push_back({*word});
  std::vector<Token> found;
  bool understood = true;
  for (std::size_t from = 0; from < chunk.size();) {
    const auto kind = [&](std::size_t i) { return is_digit(chunk[i]) ? '0' : is_upper(chunk[i]) ? 'A' : 'a'; };
    std::size_t to = from + 1;
    for (; to < chunk.size(); ++to) {
      const char before = kind(to - 1), here = kind(to);
      const bool hump =
          here == 'A' && (before == 'a' || (before == 'A' && to + 1 < chunk.size() && kind(to + 1) == 'a'));
      if (hump || (before == '0') != (here == '0')) break;
    }
    const std::string_view part = std::string_view(small).substr(from, to - from);
    if (kind(from) == '0') {
      found.push_back(number_token(part));
    } else if (const auto words = taken_apart(part)) {
      found.insert(found.end(), words->begin(), words->end());
    } else {
      found.push_back({});
      understood = false;
    }
    from = to;
  }
  if (!understood) {  // capitals where no word begins: "LUArm", "ForeARm"
    if (const auto words = taken_apart(small)) found = *words;
  }
  tokens.insert(tokens.end(), found.begin(), found.end());
}

}  // namespace

std::vector<Token> tokens_of(std::string_view name) {
  std::vector<Token> tokens;
  for (std::size_t from = 0; from < name.size();) {
    const auto letter = [&](std::size_t i) { return is_letter_or_digit(name[i]); };
    if (!letter(from)) {
      ++from;
      continue;
    }
    std::size_t to = from;
    while (to < name.size() && letter(to)) ++to;
    add_chunk(name.substr(from, to - from), tokens);
    from = to;
  }
  return tokens;
}

}  // namespace ombra::train
