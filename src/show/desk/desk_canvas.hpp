#pragma once
// Draws what Dear ImGui has made in strips, one a frame of the show, where the processor draws: a whole desk at once
// would make the picture late. Thread: render only.

#include "gfx/framebuffer.hpp"

struct ImDrawData;

namespace ombra::show {

class DeskCanvas {
 public:
  // data: valid until the last strip is drawn; width, height: of the window, pixels. strips: at least 1; one goes
  // straight to the window, more of them take a step each, and one more brings them there.
  void begin(ImDrawData* data, int width, int height, int strips);
  // Takes the next step; the window's context is current. -> is all of it in framebuffer 0?
  bool step();
  bool under_way() const { return under_way_; }

 private:
  ImDrawData* data_ = nullptr;
  int width_ = 0, height_ = 0, strips_ = 0, next_ = 0;
  bool under_way_ = false;
  gfx::Framebuffer strip_, canvas_;
};

}  // namespace ombra::show
