#include "footage/people/rig.hpp"

#include "core/error.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace ombra::train {
namespace {

using enum BodyBone;
constexpr auto kMid = BodySide::kMiddle;

constexpr float kUsualStature = 1.72f, kSmallest = 0.9f, kTallest = 2.6f;  // m
constexpr float kMinBone = 0.01f;                                          // m; shorter ones say no direction
constexpr glm::vec3 kUp(0, 1, 0), kForward(0, 0, 1), kLeft(1, 0, 0);

glm::vec3 unit_or(const glm::vec3& v, const glm::vec3& other) {
  const float size = glm::length(v);
  return size > 1e-5f ? v / size : other;
}

glm::vec3 at(const Person& person, int bone) { return person.bones[static_cast<std::size_t>(bone)].rest; }

// Of several bones with one role the lowest number in the name counts, of those the first; spines and phalanges all do.
void give_roles(Person& person) {
  std::map<std::pair<BodyBone, BodySide>, std::size_t> best;
  for (std::size_t i = 0; i < person.bones.size(); ++i) {
    std::optional<BoneRole>& role = person.bones[i].role;
    role = model::bone_role(person.bones[i].name);
    if (!role || role->bone == kSpine || role->bone == kChest || is_finger(role->bone)) continue;
    const auto [kept, first] = best.emplace(std::pair(role->bone, role->side), i);
    if (first) continue;
    std::optional<BoneRole>& other = person.bones[kept->second].role;
    if (role->number < other->number)
      other.reset(), kept->second = i;
    else
      role.reset();
  }
}

// The trunk: of the spines between hips and neck the last one is the chest, whatever it is called.
void find_chest(Person& person) {
  const int neck = person.find(kNeck), head = person.find(kHead), hips = person.find(kHips);
  std::vector<std::size_t> trunk;
  const int from = neck >= 0 ? neck : head;
  for (int i = from < 0 ? -1 : person.bones[static_cast<std::size_t>(from)].parent; i >= 0 && i != hips;
       i = person.bones[static_cast<std::size_t>(i)].parent)
    trunk.push_back(static_cast<std::size_t>(i));
  for (std::size_t i = 0; i < person.bones.size(); ++i) {
    std::optional<BoneRole>& role = person.bones[i].role;
    if (role && (role->bone == kSpine || role->bone == kChest) && std::ranges::find(trunk, i) == trunk.end())
      role.reset();
  }
  std::ranges::reverse(trunk);
  for (std::size_t k = 0; k < trunk.size(); ++k) {
    const bool chest = k + 1 == trunk.size();
    person.bones[trunk[k]].role = BoneRole{chest ? kChest : kSpine, kMid, static_cast<int>(k)};
  }
}

void need_bones(const Person& person, const std::string& origin) {
  std::vector<std::string> missing;
  const auto need = [&](BodyBone bone, BodySide side, const char* name) {
    if (person.find(bone, side) < 0) missing.push_back(name);
  };
  need(kHips, kMid, "hips");
  need(kHead, kMid, "head");
  constexpr std::pair<BodyBone, const char*> kLimbs[] = {{kUpperArm, "upper arm"}, {kLowerArm, "lower arm"},
                                                         {kHand, "hand"},          {kUpperLeg, "upper leg"},
                                                         {kLowerLeg, "lower leg"}, {kFoot, "foot"}};
  for (const auto& [bone, name] : kLimbs) {
    need(bone, BodySide::kLeft, fmt::format("left {}", name).c_str());
    need(bone, BodySide::kRight, fmt::format("right {}", name).c_str());
  }
  if (!missing.empty()) {
    throw error(
        "{}: these bones are missing: {}\nhint: bones are known by the names of MakeHuman, Mixamo, VRM and "
        "Unreal",
        origin, fmt::join(missing, ", "));
  }
}

// Upright, facing +z, of human size, on the floor. Extras' directions turn along.
void stand(Person& person, const std::string& origin) {
  const glm::vec3 hips = at(person, person.find(kHips)), head = at(person, person.find(kHead));
  const glm::vec3 up = unit_or(head - hips, kUp);
  const glm::vec3 left = unit_or(
      at(person, person.find(kUpperLeg, BodySide::kLeft)) - at(person, person.find(kUpperLeg, BodySide::kRight)),
      kLeft);
  glm::mat3 turn(1.0f);
  if (up.y < 0.8f || left.x < 0.8f) {  // lies, or looks elsewhere; else what it leans is its own
    const glm::vec3 x = unit_or(left - up * glm::dot(left, up), kLeft);
    turn = glm::transpose(glm::mat3(x, up, glm::cross(x, up)));
  }
  float low = 1e9f, high = -1e9f;
  for (glm::vec3& vertex : person.vertices) {
    vertex = turn * vertex;
    low = std::min(low, vertex.y), high = std::max(high, vertex.y);
  }
  const float height = high - low;
  if (!(height > 1e-4f && height < 1e5f)) throw error("{}: it has no height", origin);
  const float scale = height < kSmallest || height > kTallest ? kUsualStature / height : 1.0f;
  const glm::vec3 middle = turn * hips;
  const auto moved = [&](const glm::vec3& p) { return scale * (p - glm::vec3(middle.x, low, middle.z)); };
  for (glm::vec3& vertex : person.vertices) vertex = moved(vertex);
  for (Bone& bone : person.bones) {
    bone.rest = moved(turn * bone.rest);
    bone.aim = turn * bone.aim, bone.hinge = turn * bone.hinge;
    bone.length *= scale;
  }
}

// Where a chain without a next bone ends: as far along its direction as it moves vertices.
float reach_of(const Person& person, std::size_t bone, const glm::vec3& aim) {
  float reach = 0.0f;
  for (std::size_t i = 0; i < person.vertices.size(); ++i) {
    for (std::size_t k = 0; k < 4; ++k) {
      if (person.skin[i].bone[k] == bone && person.skin[i].weight[k] > 0.4f)
        reach = std::max(reach, glm::dot(person.vertices[i] - person.bones[bone].rest, aim));
    }
  }
  return reach;
}

// -> the bone that comes after this one: of the same limb, of the trunk, else the first child
int next_of(const Person& person, std::size_t bone) {
  const std::optional<BoneRole>& role = person.bones[bone].role;
  int first = -1;
  for (std::size_t i = 0; i < person.bones.size(); ++i) {
    if (person.bones[i].parent != static_cast<int>(bone)) continue;
    if (first < 0) first = static_cast<int>(i);
    if (!role || !person.bones[i].role) continue;
    const BoneRole& child = *person.bones[i].role;
    if (child.side == role->side && child.bone != kUpperLeg && child.bone != kThumb) return static_cast<int>(i);
  }
  return first;
}

void find_aims(Person& person) {
  for (std::size_t i = 0; i < person.bones.size(); ++i) {
    Bone& bone = person.bones[i];
    const int next = next_of(person, i);
    const glm::vec3 on = next >= 0 ? at(person, next) - bone.rest : glm::vec3(0.0f);
    const glm::vec3 before = bone.parent >= 0 ? person.bones[static_cast<std::size_t>(bone.parent)].aim : kUp;
    if (glm::length(bone.aim) < 0.5f) {
      if (bone.role && bone.role->bone == kHead)
        bone.aim = kUp;
      else if (bone.role && bone.role->bone == kToes)
        bone.aim = kForward;
      else if (bone.role && bone.role->bone == kFoot && next < 0)
        bone.aim = unit_or({0.0f, -0.3f, 1.0f}, kForward);
      else
        bone.aim = glm::length(on) > kMinBone ? unit_or(on, kUp) : before;
    }
    if (bone.length <= 0.0f) bone.length = glm::length(on) > kMinBone ? glm::length(on) : reach_of(person, i, bone.aim);
  }
}

// Knees bend backwards, elbows forwards, fingers towards the palm.
void find_hinges(Person& person) {
  for (const BodySide side : {BodySide::kLeft, BodySide::kRight}) {
    const auto give = [&](int bone, const glm::vec3& hinge) {
      if (bone < 0 || glm::length(person.bones[static_cast<std::size_t>(bone)].hinge) > 0.5f) return;
      person.bones[static_cast<std::size_t>(bone)].hinge = unit_or(hinge, kLeft);
    };
    const auto aim = [&](BodyBone bone) { return person.bones[static_cast<std::size_t>(person.find(bone, side))].aim; };
    const auto limb = [&](BodyBone upper, BodyBone lower, const glm::vec3& usual) {
      const glm::vec3 bend = glm::cross(aim(upper), aim(lower));
      const glm::vec3 hinge = glm::length(bend) > 0.15f && glm::dot(bend, usual) > 0.0f ? bend : usual;
      give(person.find(upper, side), hinge);
      give(person.find(lower, side), hinge);
    };
    limb(kUpperArm, kLowerArm, glm::cross(aim(kUpperArm), kForward));
    limb(kUpperLeg, kLowerLeg, kLeft);
    const int index = person.find(kIndex, side), pinky = person.find(kPinky, side), hand = person.find(kHand, side);
    const glm::vec3 along = person.bones[static_cast<std::size_t>(hand)].aim;
    const glm::vec3 across = index >= 0 && pinky >= 0 ? at(person, pinky) - at(person, index) : -kForward;
    const float turned = side == BodySide::kLeft ? -1.0f : 1.0f;
    const glm::vec3 palm = turned * glm::cross(along, unit_or(across, -kForward));
    for (const BodyBone finger : {kThumb, kIndex, kMiddle, kRing, kPinky}) {
      for (int phalanx = 1; phalanx <= 4; ++phalanx) {
        const int bone = person.find(finger, side, phalanx);
        if (bone >= 0) give(bone, glm::cross(person.bones[static_cast<std::size_t>(bone)].aim, palm));
      }
    }
  }
}

}  // namespace

void fit_rig(Person& person, const std::string& origin) {
  for (std::size_t i = 0; i < person.bones.size(); ++i) {
    if (person.bones[i].parent >= static_cast<int>(i)) throw error("{}: its bones hang in a circle", origin);
  }
  give_roles(person);
  need_bones(person, origin);
  find_chest(person);
  stand(person, origin);
  find_aims(person);
  find_hinges(person);
}

}  // namespace ombra::train
