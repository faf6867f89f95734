#include "model/body/chains.hpp"

#include "core/text.hpp"
#include "model/body/rotations.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace ombra::model {
namespace {

using enum BodyBone;

constexpr glm::vec3 kUp(0, 1, 0), kForward(0, 0, 1), kLeft(1, 0, 0);
constexpr float kDegree = 0.01745329252f, kGravity = 9.81f;
constexpr float kThigh = 0.08f;                        // its own thickness, m
constexpr float kHidesKnee = 0.3f;                     // m below the knee at which a hem goes with the shins
constexpr float kUpperHang = 0.7f, kLowerHang = 0.8f;  // of a lean of the hips that cloth does not follow
constexpr float kFold = 75.0f * kDegree, kFlare = 15.0f * kDegree;  // of the lower half against the upper
constexpr float kWide = 20.0f * kDegree;
constexpr std::array<float, 3> kSinks = {0.35f, 0.4f, 0.4f};  // share of the way to the vertical, by link
constexpr float kMinLength = 0.02f;                           // of a link that swings, m
// Everybody's links swing at one rate, as if they were so long, m: what one body's do tells how all others hang.
constexpr float kHairLink = 0.15f, kSkirtLink = 0.3f;

struct Swing {
  float stiffness, damping, most;  // against free hanging; of critical; radians
};
constexpr float kLowerDamping = 0.8f;  // more for each link above it: links swing alike, and would rouse each other
constexpr Swing kHairSwing{2.0f, 0.3f, 45.0f * kDegree}, kSkirtSwing{4.0f, 0.35f, 22.0f * kDegree};
constexpr std::string_view kHairNames[] = {"hair", "ponytail", "braid", "bangs"};
constexpr std::string_view kSkirtNames[] = {"skirt", "dress", "coat", "cloth", "hem"};

// How far a direction leans outward, radians.
float lean(const glm::vec3& v, const glm::vec3& outward) {
  return std::asin(std::clamp(glm::dot(unit(v), outward), -1.0f, 1.0f));
}

template <std::size_t N>
bool called(const std::string& name, const std::string_view (&words)[N]) {
  const std::string plain = lower(name);
  return std::ranges::any_of(words, [&](std::string_view word) { return plain.find(word) != std::string::npos; });
}

}  // namespace

Chains::Chains(const BoneTree& person) : person_(person), hips_(person.find(kHips)) {
  upper_leg_ = {person.find(kUpperLeg, BodySide::kLeft), person.find(kUpperLeg, BodySide::kRight)};
  lower_leg_ = {person.find(kLowerLeg, BodySide::kLeft), person.find(kLowerLeg, BodySide::kRight)};
  std::vector<int> place(person.bones.size(), -1);  // in a chain
  for (std::size_t i = 0; i < person.bones.size(); ++i) {
    const Bone& bone = person.bones[i];
    if (bone.role || bone.parent < 0 || bone.length < kMinLength) continue;
    const bool hair = called(bone.name, kHairNames), skirt = called(bone.name, kSkirtNames);
    if (!hair && !skirt) continue;
    place[i] = place[static_cast<std::size_t>(bone.parent)] + 1;
    add(static_cast<int>(i), skirt, place[i]);
  }
}

void Chains::add(int index, bool skirt, int place) {
  const auto bone_at = [&](int i) -> const Bone& { return person_.bones[static_cast<std::size_t>(i)]; };
  const Bone& bone = bone_at(index);
  const Swing& swing = skirt ? kSkirtSwing : kHairSwing;
  const float length = skirt ? kSkirtLink : kHairLink;
  const float hz = std::sqrt(swing.stiffness * kGravity / length) / 6.2831853f;
  const float damping = swing.damping * (1.0f + kLowerDamping * static_cast<float>(place));
  Link link{index, skirt, place, {}, 0.0f, 0.0f, 0.0f, 0.0f, Sway({length, hz, damping, swing.most})};
  if (skirt) {
    int last = index;  // of the chain
    for (std::size_t i = static_cast<std::size_t>(index) + 1; i < person_.bones.size(); ++i) {
      if (person_.bones[i].parent == last && !person_.bones[i].role) last = static_cast<int>(i);
    }
    const glm::vec3 hem = bone_at(last).rest + bone_at(last).length * bone_at(last).aim;
    const glm::vec3 away = hem - bone_at(hips_).rest;
    link.outward = unit({away.x, 0.0f, away.z});
    if (std::abs(link.outward.x) > 0.8f) link.outward = {link.outward.x > 0.0f ? 1.0f : -1.0f, 0.0f, 0.0f};
    if (std::abs(link.outward.z) > 0.8f) link.outward = {0.0f, 0.0f, link.outward.z > 0.0f ? 1.0f : -1.0f};
    const int top = place > 0 ? bone.parent : index;
    link.cloth = lean(bone_at(top).aim, link.outward);
    link.covers = std::clamp((bone_at(lower_leg_[0]).rest.y - hem.y) / kHidesKnee, 0.0f, 1.0f);
    float still = -2.0f;
    for (const int leg : upper_leg_) still = std::max(still, lean(bone_at(leg).aim, link.outward));
    link.room = std::min(link.cloth - still, std::atan2(kThigh, bone_at(top).length));
    link.slack = link.cloth - still - link.room;
  }
  links_.push_back(std::move(link));
}

glm::mat3 Chains::hang_skirt(const Link& link, const BodyPose& pose) const {
  const glm::mat3& hips = pose.turn[static_cast<std::size_t>(hips_)];
  const glm::mat3 inward = glm::transpose(hips);
  const glm::vec3 o = link.outward;
  const float gravity = lean(inward * -kUp, o);
  const auto leg = [&](int bone) {
    return inward * (pose.turn[static_cast<std::size_t>(bone)] * person_.bones[static_cast<std::size_t>(bone)].aim);
  };
  float thighs = -2.0f, shins = -2.0f, ahead = 0.0f;
  int pushing = 0;
  for (std::size_t s = 0; s < 2; ++s) {
    const float towards = s == 0 ? o.x : -o.x;
    if (towards < -0.5f) continue;  // the other leg's side
    const float thigh = lean(leg(upper_leg_[s]), o), shin = lean(leg(lower_leg_[s]), o);
    thighs = std::max(thighs, thigh);
    shins = std::max(shins, (1.0f - link.covers) * thigh + link.covers * shin);
    ahead = lean(leg(upper_leg_[s]), kForward);
    ++pushing;
  }
  const float upper = std::max(kUpperHang * gravity, thighs + link.room - link.cloth);
  const glm::vec3 axis = glm::cross(-kUp, o);
  glm::mat3 aside(1.0f);  // a side of a narrow dress goes forward with its leg
  if (pushing == 1) aside = turn_about(-kLeft, std::clamp(1.0f - link.slack / kWide, 0.3f, 0.9f) * ahead);
  if (link.place == 0) return hips * aside * turn_about(axis, upper);
  const float pushed = (1.0f - 0.3f * link.covers) * shins + (1.0f - 0.4f * link.covers) * link.room - link.cloth;
  const float lower = std::clamp(std::max(kLowerHang * gravity, pushed), upper - kFold, upper + kFlare);
  return hips * turn_part(glm::mat3(1.0f), aside, 1.0f - 0.7f * link.covers) * turn_about(axis, lower);
}

glm::mat3 Chains::hang_hair(const Link& link, const BodyPose& pose) const {
  const Bone& bone = person_.bones[static_cast<std::size_t>(link.bone)];
  const glm::mat3& carried = pose.turn[static_cast<std::size_t>(bone.parent)];
  if (bone.aim.y > 0.2f) return carried;  // it stands
  const float share = kSinks[std::min<std::size_t>(static_cast<std::size_t>(link.place), kSinks.size() - 1)];
  return turn_between(carried * bone.aim, -kUp, share) * carried;
}

void Chains::swing(BodyPose& pose, const glm::vec3& travel, double seconds) {
  auto link = links_.begin();
  moved_.assign(person_.bones.size(), false);
  for (std::size_t i = 0; i < person_.bones.size(); ++i) {
    const bool ours = link != links_.end() && link->bone == static_cast<int>(i);
    if (person_.bones[i].parent < 0) continue;
    const auto parent = static_cast<std::size_t>(person_.bones[i].parent);
    if (!ours && !moved_[parent]) continue;
    moved_[i] = true;
    pose.place[i] = pose.place[parent] + pose.turn[parent] * (person_.bones[i].rest - person_.bones[parent].rest);
    pose.turn[i] = pose.turn[parent];
    if (!ours) continue;  // hangs on a chain
    const glm::mat3 hangs = link->skirt ? hang_skirt(*link, pose) : hang_hair(*link, pose);
    const glm::vec3 down = hangs * person_.bones[i].aim;
    pose.turn[i] = turn_between(down, link->sway.step(pose.place[i] + travel, down, seconds)) * hangs;
    ++link;
  }
}

}  // namespace ombra::model
