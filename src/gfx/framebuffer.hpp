#pragma once
// A texture that can be drawn into, and pixels read back from any framebuffer.
// Thread: render only.

#include "gfx/texture.hpp"

#include <cstdint>
#include <vector>

namespace ombra::gfx {

// What is drawn into: a framebuffer (0: that of the current window) of so many pixels.
struct Surface {
  GLuint framebuffer = 0;
  int width = 0, height = 0;
};

// 8-bit pixels, rows from the top, channels interleaved: what write_png (drawing/png.hpp) takes.
struct Image {
  int width = 0, height = 0, channels = 3;
  std::vector<std::uint8_t> pixels;
};

class Framebuffer {
 public:
  Framebuffer() = default;
  Framebuffer(GLenum format, int width, int height, int levels = 1);

  // Keeps format and mip levels' kind (one or full chain). The new picture is black and transparent.
  // -> whether anything changed
  bool resize(int width, int height);
  // Draws go into it from now on; the viewport covers it.
  void bind() const;
  void clear(float r, float g, float b, float a) const;

  Texture& texture() { return texture_; }
  const Texture& texture() const { return texture_; }
  GLuint get() const { return name_.get(); }
  Surface surface() const { return {get(), width(), height()}; }
  int width() const { return texture_.width(); }
  int height() const { return texture_.height(); }

 private:
  Texture texture_;
  FramebufferHandle name_;
};

// What is read or copied from now on is read from there.
void read_from(const Surface& surface);
// Copies all of one surface over all of the other, enlarged or reduced where they differ in size.
void copy(const Surface& from, const Surface& to);

// Reads framebuffer `target` (0: the window's back buffer) as RGB, or RGBA with four channels, top row first. Waits
// until the GPU has drawn it.
Image read_pixels(GLuint target, int width, int height, int channels = 3);
// The same for a part: x, y of its lower left corner.
Image read_region(GLuint target, int x, int y, int width, int height, int channels = 3);

}  // namespace ombra::gfx
