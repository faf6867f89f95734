#include "gfx/framebuffer.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace ombra::gfx {

Framebuffer::Framebuffer(GLenum format, int width, int height, int levels)
    : texture_(format, width, height, 0, levels) {
  GLuint name = 0;
  glGenFramebuffers(1, &name);
  name_ = FramebufferHandle(name);
  glBindFramebuffer(GL_FRAMEBUFFER, name);
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture_.get(), 0);
  if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE) {
    throw error(
        "OpenGL: this driver cannot draw into a {} x {} texture of format 0x{:04x}\nhint: update the driver, or "
        "try software OpenGL: LIBGL_ALWAYS_SOFTWARE=1",
        width, height, format);
  }
  clear(0.0f, 0.0f, 0.0f, 0.0f);
}

bool Framebuffer::resize(int width, int height) {
  width = std::max(width, 1);
  height = std::max(height, 1);
  if (width == texture_.width() && height == texture_.height()) return false;
  *this = Framebuffer(texture_.format(), width, height, texture_.levels() > 1 ? mip_levels(width, height) : 1);
  return true;
}

void Framebuffer::bind() const {
  glBindFramebuffer(GL_FRAMEBUFFER, name_.get());
  glViewport(0, 0, texture_.width(), texture_.height());
}

void Framebuffer::clear(float r, float g, float b, float a) const {
  glBindFramebuffer(GL_FRAMEBUFFER, name_.get());
  const float colour[4] = {r, g, b, a};
  glClearBufferfv(GL_COLOR, 0, colour);
}

void read_from(const Surface& surface) {
  glBindFramebuffer(GL_READ_FRAMEBUFFER, surface.framebuffer);
  glReadBuffer(surface.framebuffer == 0 ? GL_BACK : GL_COLOR_ATTACHMENT0);
}

void copy(const Surface& from, const Surface& to) {
  glDisable(GL_SCISSOR_TEST);  // it would cut copies, too
  read_from(from);
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, to.framebuffer);
  const bool same = from.width == to.width && from.height == to.height;
  glBlitFramebuffer(0, 0, from.width, from.height, 0, 0, to.width, to.height, GL_COLOR_BUFFER_BIT,
                    same ? GL_NEAREST : GL_LINEAR);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
}

Image read_pixels(GLuint target, int width, int height, int channels) {
  return read_region(target, 0, 0, width, height, channels);
}

Image read_region(GLuint target, int x, int y, int width, int height, int channels) {
  const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(width) * channels;
  Image image{width, height, channels, std::vector<std::uint8_t>(static_cast<std::size_t>(row * height))};
  read_from({target, width, height});
  glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(x, y, width, height, channels == 4 ? GL_RGBA : GL_RGB, GL_UNSIGNED_BYTE, image.pixels.data());
  gl_check("reading pixels");
  for (int low = 0, high = height - 1; low < high; ++low, --high) {
    std::swap_ranges(image.pixels.begin() + low * row, image.pixels.begin() + (low + 1) * row,
                     image.pixels.begin() + high * row);
  }
  return image;
}

}  // namespace ombra::gfx
