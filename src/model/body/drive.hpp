#pragma once
// From the joints of a dancer to the rotations of a figure's bones: each limb points where the dancer's does, whatever
// the figure's own proportions. After the reference that comes with the cast of figures (aims and hinges of the rest
// pose; a limb's bend from its two directions, carried along by the parent where it is straight).
// Thread: any, one owner per object.

#include "model/body/bone_tree.hpp"
#include "model/figure/joints.hpp"

#include <glm/glm.hpp>

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace ombra::model {

// Of one figure at one moment: where each bone begins, m, and how it is turned from rest.
struct BodyPose {
  std::vector<glm::mat3> turn;
  std::vector<glm::vec3> place;
};

// Radians by which the fingers of a hand are curled, thumb first, each of their phalanges.
using Curls = std::array<float, kFingers>;

// What a whole clip says of its dancer's feet.
struct Footing {
  float pitch = 0.0f;  // radians that ankle to toe points up, in the median
  float floor = 0.0f;  // y of it, m
};
Footing footing_of(std::span<const Pose3> poses);

// How far the lowest part of the dancer is above the floor; 0: something stands on it.
float clearance(const Pose3& pose, const Footing& footing);

class Driver {
 public:
  explicit Driver(const BoneTree& person);

  // Hair and skirts hang as they are at rest (chains.hpp moves them). The hips stay at x = z = 0 and at their rest
  // height. hands: left, right
  void drive(const Pose3& pose, const Footing& footing, const std::array<Curls, 2>& hands, BodyPose& out);

 private:
  struct Side {
    int shoulder, upper_arm, lower_arm, hand, upper_leg, lower_leg, foot, toes;
    std::array<std::vector<int>, kFingers> fingers;
  };
  void trunk(const Pose3& pose);
  void limb(int upper, int lower, const glm::vec3& u, const glm::vec3& l, const glm::mat3& parent, float twist);
  void arm(const Pose3& pose, int side, const Curls& curls);
  void leg(const Pose3& pose, const Footing& footing, int side);
  const Bone& bone(int i) const { return person_.bones[static_cast<std::size_t>(i)]; }
  std::optional<glm::mat3>& turn(int i) { return turn_[static_cast<std::size_t>(i)]; }
  // of a bone that may be missing: what it would be is its parent's
  glm::mat3 turn_or(int i, const glm::mat3& other) const;

  // immutable after construction
  const BoneTree& person_;
  int hips_, neck_, head_, chest_;
  std::vector<int> spine_;
  std::array<Side, 2> sides_;
  // state
  std::vector<std::optional<glm::mat3>> turn_;  // nothing: as the parent
};

// From rotations, each bone's place; those without a rotation of their own follow their parents.
void place_bones(const BoneTree& person, std::span<const std::optional<glm::mat3>> turns, BodyPose& out);

}  // namespace ombra::model
