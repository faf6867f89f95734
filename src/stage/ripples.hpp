#pragma once
// Ripples: what runs outwards from the dancers where the flash rises. One begins at each rise, strong or weak, fast or
// slow; the next one waits until the flash has fallen again.
// Thread: one owner.

#include "stage/uniforms.hpp"

#include <array>

namespace ombra::stage {

class Ripples {
 public:
  // Once a frame. flash: 0..1
  void see(float flash, double time_s);
  void write(FrameUniforms& uniforms) const;

 private:
  double time_s_ = 0.0;
  float turn_ = 1.0f;    // the lowest flash since it began to fall, or the highest since it began to rise
  bool rising_ = false;  // the ripple of this rise has begun
  // of the last four, newest first
  std::array<double, 4> begun_s_{-1e9, -1e9, -1e9, -1e9};
  std::array<float, 4> strength_{};
};

}  // namespace ombra::stage
