#pragma once
// What a light behind a figure shows on a screen: its triangles, skinned and seen from the front, as ink on paper.
// Every pixel is sampled 8 x 4 times, edges that triangles share are computed once and the same, so that a closed
// surface has no cracks. Thread: one owner.

#include "core/frames.hpp"
#include "footage/people/person.hpp"
#include "model/body/drive.hpp"

#include <glm/glm.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace ombra::train {

using model::BodyPose;

// How a figure is seen. Orthographic; x to the viewer's right.
struct ShadowView {
  float yaw = 0.0f;  // radians by which it is turned about the vertical through its hips, its left to the viewer
  bool mirrored = false;
  float x = 0.0f;                                     // m from the middle of the picture to its hips
  float clearance = 0.0f;                             // m between the floor and its lowest vertex
  float metres = static_cast<float>(kPictureMetres);  // width and height of the picture
};

class Shadow {
 public:
  // ink [side][side], 0 ground .. 1 figure, the floor kFloorMetres above the lower edge (core/frames.hpp)
  void draw(const Person& person, const BodyPose& pose, const ShadowView& view, int side, std::span<float> ink);

 private:
  void skin(const Person& person, const BodyPose& pose, const ShadowView& view);
  void fill(const Triangle& triangle);
  void spans(glm::vec2 a, glm::vec2 b, glm::vec2 c);
  void resolve(int side, std::span<float> ink) const;

  std::vector<glm::mat4x2> bones_;   // rest -> screen, m
  std::vector<glm::vec2> points_;    // screen, samples
  std::vector<std::uint64_t> bits_;  // [rows][words]
  int rows_ = 0, words_ = 0;
};

}  // namespace ombra::train
