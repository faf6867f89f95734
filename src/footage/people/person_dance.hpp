#pragma once
// A clip danced by one figure: every bone at every frame, hair and skirts swinging, fingers playing, feet on the floor.
// Thread: any, once constructed.

#include "footage/motion/motion.hpp"
#include "footage/people/shadow.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace ombra::train {

class PersonDance {
 public:
  // poses: of one dancer, upright, m, fps a second, perhaps a part of what footing was taken from; the same seed plays
  // the same fingers
  PersonDance(std::shared_ptr<const Person> person, std::span<const Pose3> poses, double fps, std::uint64_t seed,
              const model::Footing& footing);
  // The same of a whole clip.
  PersonDance(std::shared_ptr<const Person> person, std::span<const Pose3> poses, double fps, std::uint64_t seed);

  std::size_t frames() const { return frames_.size(); }
  const Person& person() const { return *person_; }
  // Every bone at a frame, hips at x = z = 0.
  BodyPose pose(std::size_t frame) const;
  // m by which the figure is off the floor then
  float clearance(std::size_t frame) const { return frames_[frame].clearance; }
  // The figure's legs against the dancer's: what distances on the floor are to be multiplied by.
  float stride() const { return stride_; }

  // ink [side][side] of a frame, as Shadow draws it; the clearance of the view is the frame's own.
  void draw(std::size_t frame, ShadowView view, int side, std::span<float> ink) const;

 private:
  struct Frame {
    std::vector<glm::vec4> turn;  // quaternions
    std::vector<glm::vec3> place;
    float clearance = 0.0f;
  };

  // immutable after construction
  const std::shared_ptr<const Person> person_;
  float stride_ = 1.0f;
  std::vector<Frame> frames_;
};

}  // namespace ombra::train
