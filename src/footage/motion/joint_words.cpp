#include "footage/motion/joint_words.hpp"

#include "core/text.hpp"
#include "footage/motion/joint_tokens.hpp"

#include <algorithm>
#include <vector>

namespace ombra::train {
namespace {

constexpr std::size_t kLongest = 128;  // letters of a name that are looked at

bool is_part(Word word) { return word >= Word::kRoot; }

// What the words of a name say together.
class Reading {
 public:
  explicit Reading(const std::vector<Token>& tokens) : tokens_(tokens) {}

  Part part(char side) const {
    const bool sided = side != 'M';
    if (has(Word::kOther) || has(Word::kHeel)) return Part::kNone;
    if (has(Word::kToe)) return toe();
    if (has(Word::kBall)) return Part::kBall;
    if (has(Word::kFoot))
      return has(Word::kIndex) ? Part::kToes : end_behind(Word::kFoot) ? Part::kFootEnd : Part::kFoot;
    if (has(Word::kAnkle)) return Part::kAnkle;
    if (has(Word::kKnee)) return Part::kKnee;
    if (has(Word::kShin)) return Part::kShin;
    if (has(Word::kThigh)) return Part::kThigh;
    if (has(Word::kLeg)) return has(Word::kUp) ? Part::kThigh : has(Word::kLow) ? Part::kShin : Part::kLeg;
    if (const Part finger = fingers(sided); finger != Part::kNone) return finger;
    if (has(Word::kWrist)) return end_behind(Word::kWrist) ? Part::kHandEnd : Part::kWrist;
    if (has(Word::kHand)) return end_behind(Word::kHand) ? Part::kHandEnd : Part::kHand;
    if (has(Word::kPalm)) return Part::kPalm;
    if (has(Word::kElbow)) return Part::kElbow;
    if (has(Word::kForearm)) return Part::kForearm;
    if (has(Word::kUpperArm)) return Part::kUpperArm;
    if (has(Word::kArm)) return has(Word::kUp) ? Part::kUpperArm : has(Word::kLow) ? Part::kForearm : Part::kArm;
    if (has(Word::kCollar)) return Part::kCollar;
    if (has(Word::kShoulder) && sided) return Part::kShoulder;
    return trunk(sided);
  }

 private:
  bool has(Word word) const {
    return std::any_of(tokens_.begin(), tokens_.end(), [&](const Token& t) { return t.word == word; });
  }
  // "toe base", and not the "base" that some programs begin all names with
  bool behind(Word first, Word second) const {
    const auto at = std::find_if(tokens_.begin(), tokens_.end(), [&](const Token& t) { return t.word == first; });
    return std::any_of(at, tokens_.end(), [&](const Token& t) { return t.word == second; });
  }
  bool end_behind(Word word) const { return behind(word, Word::kEnd); }

  Part toe() const {
    const bool other = has(Word::kSmall) || has(Word::kRing) || has(Word::kMid) || has(Word::kThumb) ||
                       (has(Word::kIndex) && !has(Word::kFoot));
    if (other) return Part::kNone;
    if (has(Word::kEnd)) return Part::kToeEnd;
    return has(Word::kBig) ? Part::kBigToe : Part::kToes;
  }

  Part fingers(bool sided) const {
    if (!sided) return Part::kNone;
    if (has(Word::kThumb)) return Part::kThumb;
    if (has(Word::kRing) || has(Word::kSmall)) return Part::kNone;
    if (has(Word::kIndex)) return Part::kIndexFinger;
    if (has(Word::kFinger)) return has(Word::kMid) ? Part::kMiddleFinger : Part::kFingers;
    const bool limb =
        has(Word::kArm) || has(Word::kWrist) || has(Word::kElbow) || has(Word::kHips) || has(Word::kShoulder);
    return has(Word::kMid) && !limb ? Part::kMiddleFinger : Part::kNone;
  }

  Part trunk(bool sided) const {
    if (has(Word::kHipBone)) return sided ? Part::kHipBone : Part::kNone;
    if (has(Word::kHips)) return sided ? Part::kHipBone : Part::kHips;
    if (has(Word::kPelvis)) return sided ? Part::kHipBone : Part::kPelvis;
    if (sided) return Part::kNone;
    if (has(Word::kHead)) return Part::kHead;
    if (has(Word::kNeck)) return has(Word::kUp) ? Part::kNeckTop : Part::kNeck;
    if (has(Word::kVertebra)) return Part::kVertebra;
    if (has(Word::kSpine)) return behind(Word::kSpine, Word::kBase) ? Part::kSpineBase : Part::kSpine;
    if (has(Word::kChest)) return Part::kChest;
    if (has(Word::kFace)) return Part::kFace;
    if (has(Word::kRoot)) return Part::kRoot;
    const bool nothing = std::all_of(tokens_.begin(), tokens_.end(),
                                     [](const Token& t) { return t.word == Word::kNoise || t.word == Word::kNumber; });
    return nothing && !tokens_.empty() ? Part::kRoot : Part::kNone;
  }

  const std::vector<Token>& tokens_;
};

// The side that stands nearest to the part, before it rather than behind: names of dancers may hold words too.
char side_of(const std::vector<Token>& tokens, std::size_t part) {
  char side = 'M';
  std::size_t nearest = tokens.size() + 1;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].word != Word::kLeft && tokens[i].word != Word::kRight) continue;
    const std::size_t away = i < part ? part - i : i - part;
    if (away >= nearest) continue;
    nearest = away;
    side = tokens[i].word == Word::kLeft ? 'L' : 'R';
  }
  return side;
}

}  // namespace

JointWords joint_words(std::string_view name) {
  JointWords result;
  if (const std::size_t space = name.find_last_of(":|"); space != std::string_view::npos && space + 1 < name.size())
    name.remove_prefix(space + 1);
  name = name.substr(0, kLongest);
  result.plain = !name.empty() && is_letter_or_digit(name[0]);
  const std::vector<Token> tokens = tokens_of(name);
  std::size_t first = tokens.size();
  for (std::size_t i = 0; i < tokens.size() && first == tokens.size(); ++i) {
    if (is_part(tokens[i].word)) first = i;
  }
  result.side = side_of(tokens, first);
  result.part = Reading(tokens).part(result.side);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Word word = tokens[i].word;
    if (word == Word::kNumber && i > first && result.number < 0) result.number = tokens[i].number;
    result.odd_words += word == Word::kUnknown || word == Word::kOdd;
    result.odd_words += word == Word::kEnd && result.part != Part::kHandEnd && result.part != Part::kFootEnd &&
                        result.part != Part::kToeEnd;
  }
  return result;
}

}  // namespace ombra::train
