#pragma once
// The bones of a figure as it stands at rest. Metres, y up; it faces +z, its left hand is at +x. Rest rotations are
// identity: a bone's place at rest is all that is kept of it. Thread: any (values).

#include "model/body/body_bones.hpp"

#include <glm/glm.hpp>

#include <optional>
#include <string>
#include <vector>

namespace ombra::model {

struct Bone {
  std::string name;
  int parent = -1;               // comes before it
  glm::vec3 rest{0.0f};          // where it begins
  glm::vec3 aim{0.0f, 1.0f, 0};  // unit; where it points at rest; of a foot where it points when it stands flat
  glm::vec3 hinge{0.0f};         // unit; turning about it flexes the joint; 0: it has none
  float length = 0.0f;           // to the next bone or to the tip
  std::optional<BoneRole> role;  // nothing: hair, clothes, helpers
};

struct BoneTree {
  std::vector<Bone> bones;

  // -> index of the bone, -1: it has none
  int find(BodyBone bone, BodySide side = BodySide::kMiddle, int number = 0) const;
};

}  // namespace ombra::model
