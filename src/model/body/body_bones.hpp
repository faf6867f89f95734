#pragma once
// The bones that a dancer is driven by, and what the usual rigs call them. Thread: any (values).

#include <array>
#include <optional>
#include <string_view>

namespace ombra::model {

enum class BodyBone {
  kHips,
  kSpine,  // any between hips and chest
  kChest,
  kNeck,
  kHead,
  // of the left side; of the right side they follow in the same order
  kShoulder,
  kUpperArm,
  kLowerArm,
  kHand,
  kThumb,  // fingers: any phalanx
  kIndex,
  kMiddle,
  kRing,
  kPinky,
  kUpperLeg,
  kLowerLeg,
  kFoot,
  kToes,
};
inline constexpr int kFingers = 5;
constexpr bool is_finger(BodyBone bone) { return bone >= BodyBone::kThumb && bone <= BodyBone::kPinky; }

enum class BodySide { kMiddle, kLeft, kRight };

struct BoneRole {
  BodyBone bone;
  BodySide side = BodySide::kMiddle;
  int number = 0;  // of a phalanx, from 1; else what the name says. Of several bones of one role the lowest counts
  bool operator==(const BoneRole&) const = default;
};

// What a bone of this name is, as MakeHuman (default and game rigs), Mixamo, VRM (its humanoid names and those that
// VRoid gives) and Unreal call it, with or without a prefix ("mixamorig:"), with any separators.
// -> nothing: hair, clothes, twist and helper bones
std::optional<BoneRole> bone_role(std::string_view name);

}  // namespace ombra::model
