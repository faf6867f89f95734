#pragma once
// Takes light from a picture that is drawn: black over it. Its shader is part of the program, whatever lies in the
// folder of shaders. Thread: render only.

#include "gfx/framebuffer.hpp"
#include "gfx/program.hpp"

namespace ombra::gfx {

class Dimmer {
 public:
  Dimmer();

  // share: of the surface's light that is taken, 0..1. All of it needs no shader.
  void draw(double share, const Surface& surface) const;

 private:
  Program black_;
  EmptyVertices vertices_;
};

}  // namespace ombra::gfx
