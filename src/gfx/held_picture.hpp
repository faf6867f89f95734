#pragma once
// A copy of what stood in framebuffer 0, to be shown again later. Only by copying, so that it works where no shader
// does. Thread: render only.

#include "gfx/framebuffer.hpp"

namespace ombra::gfx {

class HeldPicture {
 public:
  // Its memory is taken here; before the first keep() it is black.
  HeldPicture(int width, int height) : picture_(GL_RGBA8, width, height) {}

  // Framebuffer 0 has width x height pixels, here and below. Throws Error, and has the picture before, when a window of
  // another size needs memory that there is not.
  void keep(int width, int height);
  // Into framebuffer 0; as large as fits, with black beside it, where the window has another shape by now.
  void show(int width, int height) const;

 private:
  Framebuffer picture_;
};

}  // namespace ombra::gfx
