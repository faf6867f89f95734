#include "footage/motion/joint_names.hpp"

#include "core/log.hpp"
#include "footage/motion/joint_words.hpp"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <tuple>

namespace ombra::train {
namespace {

using Match = std::array<int, kJoints>;

constexpr Joint kNeeded[] = {kLShoulder, kLElbow, kLWrist, kLHip, kLKnee, kLAnkle,
                             kRShoulder, kRElbow, kRWrist, kRHip, kRKnee, kRAnkle};

// The joints of one side, from the body outwards.
struct Side {
  char letter;
  Joint arm[4], leg[4];
};
constexpr Side kSides[] = {{'L', {kLShoulder, kLElbow, kLWrist, kLHand}, {kLHip, kLKnee, kLAnkle, kLBigToe}},
                           {'R', {kRShoulder, kRElbow, kRWrist, kRHand}, {kRHip, kRKnee, kRAnkle, kRBigToe}}};

// One dancer's names, and which of them are taken.
class Matcher {
 public:
  Matcher(std::span<const JointWords> words, std::span<const int> parents, std::vector<std::size_t> group)
      : words_(words), parents_(parents), group_(std::move(group)), used_(words.size(), false) {
    found_.fill(-1);
    depth_.assign(words.size(), 0);
    for (std::size_t i = 0; i < parents.size(); ++i) {  // a joint comes after the one that it hangs on
      if (parents[i] >= 0) depth_[i] = depth_[static_cast<std::size_t>(parents[i])] + 1;
    }
  }

  Match match() {
    for (const Side& side : kSides) {
      side_ = side.letter;
      match_arm(side);
      match_leg(side);
    }
    for (const Side& side : kSides) {
      check_limb(side.arm);
      check_limb(side.leg);
    }
    side_ = 'M';
    match_trunk();
    return found_;
  }

 private:
  // How well name i fits: fewer odd words, then the earlier part, then the lower number.
  using Fit = std::tuple<int, int, int, bool, std::size_t>;
  Fit fit(std::size_t i, int rank) const { return {words_[i].odd_words, rank, words_[i].number, !words_[i].plain, i}; }

  // -> the name of this side that fits best to the first of the parts, else to the next ...; -1: none
  int best(std::initializer_list<Part> parts) const {
    int found = -1;
    Fit least;
    for (const std::size_t i : group_) {
      if (used_[i] || words_[i].side != side_) continue;
      const auto at = std::find(parts.begin(), parts.end(), words_[i].part);
      if (at == parts.end()) continue;
      const Fit here = fit(i, static_cast<int>(at - parts.begin()));
      if (found < 0 || here < least) {
        found = static_cast<int>(i);
        least = here;
      }
    }
    return found;
  }

  // -> all names of this side for a part without odd words, from the body outwards
  std::vector<int> all(Part part) const {
    std::vector<int> found;
    for (const std::size_t i : group_) {
      if (!used_[i] && words_[i].side == side_ && words_[i].part == part && words_[i].odd_words == 0)
        found.push_back(static_cast<int>(i));
    }
    std::stable_sort(found.begin(), found.end(), [&](int a, int b) {
      return words_[static_cast<std::size_t>(a)].number < words_[static_cast<std::size_t>(b)].number;
    });
    std::stable_sort(found.begin(), found.end(), [&](int a, int b) { return depth(a) < depth(b); });
    return found;
  }

  void take(Joint joint, int name) {
    found_[joint] = name;
    if (name >= 0) used_[static_cast<std::size_t>(name)] = true;
  }

  int parent(int i) const { return parents_.empty() ? -1 : parents_[static_cast<std::size_t>(i)]; }
  int depth(int i) const { return depth_[static_cast<std::size_t>(i)]; }
  bool hangs_on(int child, int ancestor) const {
    for (int at = parent(child); at >= 0; at = parent(at)) {
      if (at == ancestor) return true;
    }
    return false;
  }

  // upper: the thigh or the upper arm by its own name; whole: "leg", "arm"; lower: what is surely the knee or elbow;
  // root: the joint by the name of the place where the limb begins, "hip", "shoulder". -> first and second joint of the
  // limb
  std::pair<int, int> two_bones(int upper, const std::vector<int>& whole, int lower, int root) const {
    const int first = whole.empty() ? -1 : whole[0];
    if (upper >= 0 && lower < 0 && first >= 0 && !hangs_on(upper, first)) return {upper, first};
    if (upper >= 0 || first < 0) return {upper >= 0 ? upper : root, lower};
    if (lower >= 0) return {first, lower};
    if (whole.size() > 1) return {first, whole[1]};
    if (root >= 0 && hangs_on(first, root)) return {root, first};
    return {first, -1};
  }

  void match_arm(const Side& side) {
    const auto [shoulder, elbow] = two_bones(best({Part::kUpperArm}), all(Part::kArm),
                                             best({Part::kElbow, Part::kForearm}), best({Part::kShoulder}));
    take(side.arm[0], shoulder);
    take(side.arm[1], elbow);
    take(side.arm[2], best({Part::kWrist, Part::kHand, Part::kPalm}));
    take(side.arm[3], hand());
  }

  // The knuckles: of the middle finger, else of the next; where a program only numbers fingers the thumb is 0 or 1.
  int hand() const {
    if (const int i = best({Part::kMiddleFinger, Part::kIndexFinger}); i >= 0 && words_[std::size_t(i)].odd_words == 0)
      return i;
    for (const int wanted : {2, 3, -1}) {
      for (const int i : all(Part::kFingers)) {
        if (words_[static_cast<std::size_t>(i)].number == wanted) return i;
      }
    }
    const int i = best({Part::kHandEnd, Part::kHand, Part::kFingers, Part::kMiddleFinger, Part::kIndexFinger});
    return i >= 0 && words_[static_cast<std::size_t>(i)].odd_words == 0 ? i : -1;
  }

  void match_leg(const Side& side) {
    int thigh = best({Part::kThigh});
    const int hip = best({Part::kHipBone}), knee = best({Part::kKnee, Part::kShin});
    const std::vector<int> legs = all(Part::kLeg);
    // "hip, leg, foot": the leg bends in the middle; "leg, shin" under a hip: the hip is a point of the pelvis
    if (thigh < 0 && hip >= 0 && (knee >= 0 || legs.size() < 2)) thigh = hip;
    const auto [first, second] = two_bones(thigh, legs, knee, hip);
    take(side.leg[0], first);
    take(side.leg[1], second);
    const int ankle = best({Part::kAnkle, Part::kFoot});
    take(side.leg[2], ankle);
    int toe = best({Part::kBigToe, Part::kToes, Part::kBall});
    if (toe >= 0 && words_[static_cast<std::size_t>(toe)].number > 0) {  // the big toe's own bones lie further out
      if (const int base = best({Part::kToes, Part::kBall}); base >= 0) toe = base;
    }
    if (toe < 0) {  // a foot behind an ankle is where the toes begin
      const int foot = best({Part::kFoot});
      toe = foot >= 0 && ankle >= 0 && hangs_on(foot, ankle) ? foot : best({Part::kToeEnd, Part::kFootEnd});
    }
    take(side.leg[3], toe);
  }

  // Joints that hang on one another the wrong way round, on the other side, or arms on legs: such a limb is not taken.
  void check_limb(const Joint (&limb)[4]) {
    if (parents_.empty()) return;
    bool sound = true;
    for (int k = 0; k + 1 < 4; ++k) {
      const int inner = found_[limb[k]], outer = found_[limb[k + 1]];
      if (inner >= 0 && outer >= 0 && hangs_on(inner, outer)) sound = false;
    }
    for (const Side& other : kSides) {
      for (const Joint* chain : {other.arm, other.leg}) {
        if (chain == limb) continue;
        if (found_[chain[0]] >= 0 && found_[limb[0]] >= 0 && hangs_on(found_[limb[0]], found_[chain[0]])) sound = false;
        if (found_[chain[0]] >= 0 && found_[limb[1]] >= 0 && hangs_on(found_[limb[1]], found_[chain[0]])) sound = false;
      }
    }
    const int wrist = found_[limb[2]], last = found_[limb[3]];
    if (wrist >= 0 && last >= 0 && depth(last) > 1 && !hangs_on(last, wrist)) found_[limb[3]] = -1;
    if (sound) return;
    for (const Joint joint : limb) found_[joint] = -1;
  }

  void match_trunk() {
    int hips = best({Part::kHips, Part::kPelvis, Part::kSpineBase});
    if (hips < 0) {
      // the joint that both legs hang on; by name alone a root may also lie on the floor
      hips = best({Part::kRoot});
      const int left = found_[kLHip], right = found_[kRHip];
      if (!parents_.empty() && left >= 0 && right >= 0) {
        hips = parent(left);
        while (hips >= 0 && !hangs_on(right, hips)) hips = parent(hips);
      }
    }
    take(kHip, hips);
    take(kSpine, spine());
    take(kNeck, best({Part::kNeck, Part::kVertebra}));
    if (found_[kNeck] < 0) take(kNeck, best({Part::kNeckTop}));
    take(kHead, best({Part::kHead, Part::kFace, Part::kNeckTop}));
  }

  // The middle of the back: of numbered ones the second, else the first, else one without a number.
  int spine() const {
    const std::vector<int> spines = all(Part::kSpine);
    for (const int wanted : {2, 1}) {
      for (const int i : spines) {
        if (words_[static_cast<std::size_t>(i)].number == wanted) return i;
      }
    }
    return best({Part::kSpine, Part::kChest});
  }

  std::span<const JointWords> words_;
  std::span<const int> parents_;
  const std::vector<std::size_t> group_;
  std::vector<bool> used_;
  std::vector<int> depth_;  // below the root
  Match found_;
  char side_ = 'M';
};

// -> the names of each dancer: a root and what hangs on it, or a name space; names without one belong to every dancer
std::vector<std::pair<std::string, std::vector<std::size_t>>> dancers(std::span<const std::string> names,
                                                                      std::span<const int> parents) {
  std::map<std::string, std::size_t> places;
  std::vector<std::pair<std::string, std::vector<std::size_t>>> groups;
  std::vector<std::size_t> common;
  std::vector<std::size_t> root(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    root[i] = i;
    std::string key;
    if (!parents.empty()) {
      if (parents[i] >= 0) root[i] = root[static_cast<std::size_t>(parents[i])];
      key = names[root[i]] + "/" + std::to_string(root[i]);
    } else if (const std::size_t colon = names[i].find_last_of(":|"); colon != std::string::npos) {
      key = names[i].substr(0, colon);
    } else {
      common.push_back(i);
      continue;
    }
    const auto [place, fresh] = places.try_emplace(key, groups.size());
    if (fresh) groups.emplace_back(key.substr(0, key.rfind('/')), std::vector<std::size_t>());
    groups[place->second].second.push_back(i);
  }
  if (groups.empty()) groups.emplace_back("", std::vector<std::size_t>());
  for (auto& [name, members] : groups) {
    members.insert(members.end(), common.begin(), common.end());
    std::sort(members.begin(), members.end());
  }
  return groups;
}

struct Said {
  Joint left, right;
  const char *looked_for, *clear;
};
constexpr Said kSaid[] = {
    {kLShoulder, kRShoulder, "upper arm, arm, humerus or shoulder", "Arm"},
    {kLElbow, kRElbow, "elbow, forearm, lower arm or radius", "ForeArm"},
    {kLWrist, kRWrist, "wrist or hand", "Hand"},
    {kLHip, kRHip, "thigh, upper leg, femur or hip", "UpLeg"},
    {kLKnee, kRKnee, "knee, shin, calf, tibia or lower leg", "Leg"},
    {kLAnkle, kRAnkle, "ankle or foot", "Foot"},
};

}  // namespace

Match match_joints(std::span<const std::string> names, std::span<const int> parents) {
  std::vector<JointWords> words;
  for (const std::string& name : names) words.push_back(joint_words(name));
  Match found;
  found.fill(-1);
  std::ptrdiff_t most = -1;
  std::string taken;
  std::size_t whole = 0;
  for (auto& [name, group] : dancers(names, parents)) {
    const Match match = Matcher(words, parents, std::move(group)).match();
    const auto count = std::count_if(std::begin(kNeeded), std::end(kNeeded), [&](Joint j) { return match[j] >= 0; });
    whole += count == static_cast<std::ptrdiff_t>(std::size(kNeeded));
    if (count <= most) continue;
    most = count;
    found = match;
    taken = name;
  }
  if (whole > 1) log::warn("{} dancers in one file: {} is taken, the others are not", whole, taken);
  return found;
}

std::vector<std::string> unused_names(std::span<const std::string> names, const Match& match) {
  constexpr std::size_t kShown = 12, kLetters = 40;
  std::vector<std::string> unused;
  for (std::size_t i = 0; i < names.size() && unused.size() < kShown; ++i) {
    if (std::find(match.begin(), match.end(), static_cast<int>(i)) == match.end())
      unused.push_back(names[i].substr(0, kLetters));
  }
  return unused;
}

std::string looked_for(int joint) {
  for (const Said& said : kSaid) {
    if (said.left == joint || said.right == joint)
      return std::string(said.left == joint ? "left " : "right ") + said.looked_for;
  }
  return std::string(joint_name(joint));
}

std::string clear_name(int joint) {
  for (const Said& said : kSaid) {
    if (said.left == joint || said.right == joint)
      return std::string(said.left == joint ? "Left" : "Right") + said.clear;
  }
  return std::string(joint_name(joint));
}

}  // namespace ombra::train
