#pragma once
// Hair and skirts: where they hang on a body in a pose, and how they swing behind its movement. Skirts are pushed out
// by the legs and hang from there; hair sinks part of the way to the vertical. Thread: one owner.

#include "model/body/drive.hpp"
#include "model/body/sway.hpp"

#include <vector>

namespace ombra::model {

class Chains {
 public:
  // person: outlives it
  explicit Chains(const BoneTree& person);

  // A pose of Driver::drive, `seconds` after the one before, the hips having moved by `travel` (m, from anywhere) ->
  // the same with hair and skirts where they are then.
  void swing(BodyPose& pose, const glm::vec3& travel, double seconds);
  // Bones that it moves
  std::size_t size() const { return links_.size(); }

 private:
  struct Link {
    int bone = -1;
    bool skirt = false;
    int place = 0;        // in its chain, from 0
    glm::vec3 outward{};  // of a skirt: away from the body at rest, unit, level
    float cloth = 0.0f;   // radians that it hangs outward at rest
    float covers = 0.0f;  // 0 a skirt that ends above the knee .. 1 one that hides it
    float room = 0.0f;    // radians between cloth and leg at rest
    float slack = 0.0f;   // radians by which a wide skirt is wider than that
    Sway sway;
  };
  void add(int bone, bool skirt, int place);
  glm::mat3 hang_skirt(const Link& link, const BodyPose& pose) const;
  glm::mat3 hang_hair(const Link& link, const BodyPose& pose) const;

  // immutable after construction
  const BoneTree& person_;
  int hips_;
  std::array<int, 2> upper_leg_, lower_leg_;
  // state
  std::vector<Link> links_;  // in the order of their bones
  std::vector<bool> moved_;  // bones, in the call that is going on
};

}  // namespace ombra::model
