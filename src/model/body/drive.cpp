#include "model/body/drive.hpp"

#include "core/quantile.hpp"
#include "model/body/rotations.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::model {
namespace {

constexpr glm::vec3 kUp(0, 1, 0), kForward(0, 0, 1);
constexpr float kDegree = 0.01745329252f;
constexpr float kSpineShare = 0.5f, kNeckShare = 0.6f;  // of the way from below to above
constexpr float kUpperArmTwist = 0.5f;                  // the upper bone takes only part of an arm's twist
constexpr float kBent = 0.45f, kStraight = 0.1f;        // sine of a limb's bend: its axis is known, is not
constexpr float kShoulderLift = 0.3f, kShoulderFrom = -20.0f * kDegree;  // a raised arm takes the shoulder along
constexpr float kTiptoe = 0.8f;                                          // how flat the toes stay when the heel rises
constexpr float kThumbCurl = 0.4f, kSecondCurl = 1.2f;                   // against a finger's first phalanx
constexpr float kOnFloor = 0.04f, kOffFloor = 0.14f;                     // of the toes, m

// What of a dancer may lie on the floor: how thick it is there, m.
struct Sole {
  Joint joint;
  float radius;
};
constexpr Sole kSoles[] = {{kLAnkle, 0.08f}, {kRAnkle, 0.08f}, {kLBigToe, 0.025f}, {kRBigToe, 0.025f}, {kLKnee, 0.06f},
                           {kRKnee, 0.06f},  {kHip, 0.11f},    {kLWrist, 0.03f},   {kRWrist, 0.03f},   {kLHand, 0.02f},
                           {kRHand, 0.02f},  {kLElbow, 0.05f}, {kRElbow, 0.05f},   {kHead, 0.11f}};

glm::vec3 vec(const Joint3& j) { return {j.x, j.y, j.z}; }
glm::vec3 from_to(const Pose3& pose, int a, int b) {
  return vec(pose[static_cast<std::size_t>(b)]) - vec(pose[static_cast<std::size_t>(a)]);
}

float elevation(const glm::vec3& v) { return std::asin(std::clamp(unit(v).y, -1.0f, 1.0f)); }

// The same direction seen from above, so much higher or lower.
glm::vec3 raised(const glm::vec3& v, float angle) {
  const glm::vec3 flat(v.x, 0.0f, v.z);
  if (glm::length(flat) < 0.05f * glm::length(v)) return unit(v);  // straight up or down: no side to turn to
  const float e = std::clamp(elevation(v) + angle, -1.5f, 1.5f);
  return unit(flat) * std::cos(e) + kUp * std::sin(e);
}

float lowest(const Pose3& pose) {
  float low = 1e9f;
  for (const Sole& sole : kSoles) low = std::min(low, pose[static_cast<std::size_t>(sole.joint)].y - sole.radius);
  return low;
}

}  // namespace

Footing footing_of(std::span<const Pose3> poses) {
  std::vector<double> pitch, low;
  for (const Pose3& pose : poses) {
    pitch.push_back(elevation(from_to(pose, kLAnkle, kLBigToe)));
    pitch.push_back(elevation(from_to(pose, kRAnkle, kRBigToe)));
    low.push_back(lowest(pose));
  }
  if (poses.empty()) return {};
  return {static_cast<float>(quantile(std::move(pitch), 0.5)), static_cast<float>(quantile(std::move(low), 0.05))};
}

float clearance(const Pose3& pose, const Footing& footing) {
  constexpr float kUnsure = 0.02f;  // m: what joints and floor are known to
  return std::max(0.0f, lowest(pose) - footing.floor - kUnsure);
}

Driver::Driver(const BoneTree& person) : person_(person), turn_(person.bones.size()) {
  hips_ = person.find(BodyBone::kHips), neck_ = person.find(BodyBone::kNeck), head_ = person.find(BodyBone::kHead),
  chest_ = person.find(BodyBone::kChest);
  for (std::size_t i = 0; i < person.bones.size(); ++i) {
    if (person.bones[i].role && person.bones[i].role->bone == BodyBone::kSpine) spine_.push_back(static_cast<int>(i));
  }
  for (const int s : {0, 1}) {
    const BodySide side = s == 0 ? BodySide::kLeft : BodySide::kRight;
    Side& all = sides_[static_cast<std::size_t>(s)];
    all = {person.find(BodyBone::kShoulder, side),
           person.find(BodyBone::kUpperArm, side),
           person.find(BodyBone::kLowerArm, side),
           person.find(BodyBone::kHand, side),
           person.find(BodyBone::kUpperLeg, side),
           person.find(BodyBone::kLowerLeg, side),
           person.find(BodyBone::kFoot, side),
           person.find(BodyBone::kToes, side),
           {}};
    for (int f = 0; f < kFingers; ++f) {
      for (int phalanx = 1; phalanx <= 4; ++phalanx) {
        const int found = person.find(static_cast<BodyBone>(static_cast<int>(BodyBone::kThumb) + f), side, phalanx);
        if (found >= 0) all.fingers[static_cast<std::size_t>(f)].push_back(found);
      }
    }
  }
}

glm::mat3 Driver::turn_or(int i, const glm::mat3& other) const {
  return i >= 0 ? turn_[static_cast<std::size_t>(i)].value_or(other) : other;
}

void Driver::trunk(const Pose3& pose) {
  const glm::mat3 hips = basis(from_to(pose, kHip, kSpine), from_to(pose, kRHip, kLHip));
  const glm::mat3 chest = basis(from_to(pose, kSpine, kNeck), from_to(pose, kRShoulder, kLShoulder));
  turn(hips_) = hips;
  for (std::size_t k = 0; k < spine_.size(); ++k) {
    const float share =
        spine_.size() == 1 ? kSpineShare : static_cast<float>(k + 1) / static_cast<float>(spine_.size() + 1);
    turn(spine_[k]) = turn_part(hips, chest, share);
  }
  if (chest_ >= 0) turn(chest_) = chest;
  const glm::vec3 rest = neck_ >= 0 ? bone(neck_).aim : kUp;
  const glm::vec3 now = from_to(pose, kNeck, kHead);
  if (neck_ >= 0) turn(neck_) = turn_between(chest * rest, now, kNeckShare) * chest;
  turn(head_) = turn_between(chest * rest, now) * chest;
}

void Driver::limb(int upper, int lower, const glm::vec3& u, const glm::vec3& l, const glm::mat3& parent, float twist) {
  const Bone &a = bone(upper), &b = bone(lower);
  const glm::vec3 bend = glm::cross(unit(u), unit(l));
  const glm::vec3 carried = turn_between(parent * a.aim, u) * parent * a.hinge;
  const float sure = smooth_step(kStraight, kBent, glm::length(bend));
  const glm::vec3 hinge = unit(sure * unit(bend) + (1.0f - sure) * carried);
  const glm::vec3 upper_hinge = unit(twist * hinge + (1.0f - twist) * carried);
  turn(upper) = basis(u, upper_hinge) * glm::transpose(basis(a.aim, a.hinge));
  turn(lower) = basis(l, hinge) * glm::transpose(basis(b.aim, b.hinge));
}

void Driver::arm(const Pose3& pose, int side, const Curls& curls) {
  const Side& s = sides_[static_cast<std::size_t>(side)];
  const bool left = side == 0;
  const glm::mat3 chest = turn_or(chest_, *turn(hips_));
  const glm::vec3 u = from_to(pose, left ? kLShoulder : kRShoulder, left ? kLElbow : kRElbow);
  const glm::vec3 l = from_to(pose, left ? kLElbow : kRElbow, left ? kLWrist : kRWrist);
  const float lift = std::asin(std::clamp(glm::dot(unit(u), chest[1]), -1.0f, 1.0f)) - kShoulderFrom;
  const glm::mat3 shoulder = chest * turn_about(kForward, (left ? 1.0f : -1.0f) * kShoulderLift * std::max(0.0f, lift));
  if (s.shoulder >= 0) turn(s.shoulder) = shoulder;
  limb(s.upper_arm, s.lower_arm, u, l, shoulder, kUpperArmTwist);
  const glm::mat3 fore = *turn(s.lower_arm);
  const glm::mat3 hand =
      turn_between(fore * bone(s.hand).aim, from_to(pose, left ? kLWrist : kRWrist, left ? kLHand : kRHand)) * fore;
  turn(s.hand) = hand;
  for (std::size_t f = 0; f < kFingers; ++f) {
    glm::mat3 at = hand;
    for (std::size_t k = 0; k < s.fingers[f].size(); ++k) {
      const float share = k > 0 ? kSecondCurl : f == 0 ? kThumbCurl : 1.0f;
      at = at * turn_about(bone(s.fingers[f][k]).hinge, share * curls[f]);
      turn(s.fingers[f][k]) = at;
    }
  }
}

void Driver::leg(const Pose3& pose, const Footing& footing, int side) {
  const Side& s = sides_[static_cast<std::size_t>(side)];
  const bool left = side == 0;
  const int ankle = left ? kLAnkle : kRAnkle, knee = left ? kLKnee : kRKnee, toe = left ? kLBigToe : kRBigToe;
  limb(s.upper_leg, s.lower_leg, from_to(pose, left ? kLHip : kRHip, knee), from_to(pose, knee, ankle), *turn(hips_),
       1.0f);
  const Bone& foot = bone(s.foot);
  const glm::mat3 shin = *turn(s.lower_leg);
  const glm::vec3 wanted = raised(from_to(pose, ankle, toe), elevation(foot.aim) - footing.pitch);
  turn(s.foot) = turn_between(shin * foot.aim, wanted) * shin;
  if (s.toes < 0) return;
  const glm::vec3 now = *turn(s.foot) * foot.aim;
  turn(s.toes) = turn(s.foot);
  if (now.y >= foot.aim.y) return;  // the heel is not raised
  const float low = pose[static_cast<std::size_t>(toe)].y - footing.floor;
  const float stands = 1.0f - smooth_step(kOnFloor, kOffFloor, low - 0.025f);
  const glm::vec3 flat = raised(now, elevation(foot.aim) - elevation(now));
  turn(s.toes) = turn_part(*turn(s.foot), turn_between(now, flat) * *turn(s.foot), kTiptoe * stands);
}

void Driver::drive(const Pose3& pose, const Footing& footing, const std::array<Curls, 2>& hands, BodyPose& out) {
  trunk(pose);
  for (const int side : {0, 1}) {
    arm(pose, side, hands[static_cast<std::size_t>(side)]);
    leg(pose, footing, side);
  }
  place_bones(person_, turn_, out);
}

void place_bones(const BoneTree& person, std::span<const std::optional<glm::mat3>> turns, BodyPose& out) {
  const std::size_t count = person.bones.size();
  out.turn.resize(count), out.place.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Bone& bone = person.bones[i];
    if (bone.parent < 0) {
      out.turn[i] = turns[i].value_or(glm::mat3(1.0f));
      out.place[i] = bone.rest;
      continue;
    }
    const auto parent = static_cast<std::size_t>(bone.parent);
    out.turn[i] = turns[i].value_or(out.turn[parent]);
    out.place[i] = out.place[parent] + out.turn[parent] * (bone.rest - person.bones[parent].rest);
  }
}

}  // namespace ombra::model
