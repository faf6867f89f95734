#pragma once
// A copy of what stood in a surface, to be shown again later. Only by copying, so that it works where no shader
// does. Thread: render only.

#include "gfx/framebuffer.hpp"

namespace ombra::gfx {

class HeldPicture {
 public:
  // Its memory is taken here; before the first keep() it is black.
  HeldPicture(int width, int height) : picture_(GL_RGBA8, width, height) {}

  // Throws Error, and has the picture before, when a surface of another size needs memory that there is not.
  void keep(const Surface& surface);
  // As large as fits, with black beside it, where the surface has another shape by now.
  void show(const Surface& surface) const;

 private:
  Framebuffer picture_;
};

}  // namespace ombra::gfx
