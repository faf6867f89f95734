#pragma once
// Flash guard: keeps the whole picture from flashing at people who are sensitive to it.
// A flash is a pair of opposing changes of relative luminance by 10 % or more, and no more than three a second are
// tolerated (WCAG 2.2, "general flash"; ITU-R BT.1702). Every flash needs a rise, so the guard limits rises of the mean
// luminance to kMaxRise a second: in any second that leaves at most three rises of a tenth. Falls need no limit.
// The look is drawn small first and averaged on the GPU; the gain that results is applied to the same frame, and no
// pixel is read back. What it does not see: a flash in a small part of the picture, and flashes of saturated red.
// Thread: render only.

#include "gfx/framebuffer.hpp"
#include "gfx/program.hpp"

#include <array>

namespace ombra::stage {

inline constexpr float kMaxRise = 0.3f;  // relative luminance (0 black .. 1 white) a second

class FlashGuard {
 public:
  FlashGuard();
  // The small picture that the look is drawn into, in linear light without grain.
  const gfx::Framebuffer& picture() const { return picture_; }
  // After the picture is drawn: works out this frame's gain with shader guard.glsl; units as bound in common.glsl.
  void update(const gfx::Program& guard, const gfx::EmptyVertices& vertices, int picture_unit, int guard_unit);
  // The 1 x 1 texture of the newest state: r gain 0..1, g luminance shown, b luminance wanted.
  void bind(int unit) const { states_[newest_].texture().bind(unit); }

 private:
  gfx::Framebuffer picture_;
  std::array<gfx::Framebuffer, 2> states_;
  int newest_ = 0;
  bool started_ = false;
};

}  // namespace ombra::stage
