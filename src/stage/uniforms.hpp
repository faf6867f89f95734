#pragma once
// What every shader may read: the uniform blocks Frame and Figures of shaders/common.glsl, byte for byte (std140).
// shaders/README.md says what each value means; a test compares the offsets with the driver's.
// Thread: values.

#include "core/frames.hpp"
#include "stage/stage.hpp"

#include <glm/glm.hpp>

#include <array>

namespace ombra::stage {

struct FrameUniforms {
  glm::vec4 ink, light, backdrop;  // linear light, w = 1
  glm::vec4 ripple_age;            // s since the last four began, newest first
  glm::vec4 ripple_strength;       // 0..1
  glm::vec2 resolution;            // px
  float aspect = 1.0f, time = 0.0f;
  float step = 0.0f, beat = 0.0f, beat_phase = 0.0f, swell = 0.0f;
  float throb = 0.0f, flash = 0.0f, glow = 0.0f, trails = 0.0f;
  float softness = 0.0f, grain = 0.0f, mirror = 0.0f, floor_y = 0.0f;
  float figure = 0.0f, far = 0.0f, seed = 0.0f, room = 1.0f;
};
static_assert(sizeof(FrameUniforms) % 16 == 0);  // std140 counts in fours

struct FigureUniforms {
  std::array<glm::vec4, kMaxDancers> place;     // x, bottom, height (screen heights); layer
  std::array<glm::vec4, kMaxDancers> near_box;  // left, top, right, bottom of the outline, in picture coordinates
  std::array<glm::vec4, kMaxDancers> far_box;   // the same of all that the field says
  std::array<glm::vec4, kMaxDancers> tint;      // haze; 0; 0; 0
};

// sRGB (IEC 61966-2-1) to linear light
glm::vec4 linear(const Colour& colour);

}  // namespace ombra::stage
