#pragma once
// What every shader may read: the uniform blocks Frame and Figures of shaders/common.glsl, byte for byte (std140).
// shaders/README.md says what each value means; a test compares the offsets with the driver's.
// Thread: values.

#include "core/frames.hpp"
#include "stage/stage.hpp"

#include <glm/glm.hpp>

#include <array>
#include <cstdint>

namespace ombra::stage {


struct FrameUniforms {
  glm::vec4 ink, light, backdrop;  // linear light, w = 1
  glm::vec4 ripple_age;            // s since the last four onsets, newest first
  glm::vec4 ripple_strength;       // 0..1
  glm::vec2 resolution;            // px
  float aspect = 1.0f, time = 0.0f;
  float step = 0.0f, beat = 0.0f, beat_phase = 0.0f, beat_confidence = 0.0f;
  float level = 0.0f, bass = 0.0f, mid = 0.0f, treble = 0.0f;
  float onset = 0.0f, flux = 0.0f, drop = 0.0f, glow = 0.0f;
  float trails = 0.0f, softness = 0.0f, grain = 0.0f, mirror = 0.0f;
  float floor_y = 0.0f, figure = 0.0f, far = 0.0f, seed = 0.0f;
  float room = 1.0f;
  std::array<float, 3> unused{};  // std140 counts in fours
};
static_assert(sizeof(FrameUniforms) % 16 == 0);

struct FigureUniforms {
  std::array<glm::vec4, kMaxDancers> place;     // x, bottom, height (screen heights); layer
  std::array<glm::vec4, kMaxDancers> near_box;  // left, top, right, bottom of the outline, in picture coordinates
  std::array<glm::vec4, kMaxDancers> far_box;   // the same of all that the field says
  std::array<glm::vec4, kMaxDancers> tint;      // haze; 0; 0; 0
};

// sRGB (IEC 61966-2-1) to linear light
glm::vec4 linear(const Colour& colour);

// The music as looks see it: followed with a quick attack and a slow release so that light breathes and never flickers;
// onsets remembered so that a ripple can run on. NaN counts as silence.
class MusicMemory {
 public:
  void hear(const Scene& scene);
  void write(FrameUniforms& uniforms) const;

 private:
  double time_s_ = 0.0;
  float level_ = 0.0f, bass_ = 0.0f, mid_ = 0.0f, treble_ = 0.0f, flux_ = 0.0f, onset_ = 0.0f, drop_ = 0.0f;
  std::uint64_t onsets_seen_ = 0;
  bool started_ = false;
  std::array<double, 4> onset_s_{-1e9, -1e9, -1e9, -1e9};
  std::array<float, 4> onset_strength_{};
};

}  // namespace ombra::stage
