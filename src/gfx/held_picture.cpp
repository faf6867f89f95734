#include "gfx/held_picture.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::gfx {

void HeldPicture::keep(const Surface& surface) {
  picture_.resize(surface.width, surface.height);
  copy(surface, picture_.surface());
}

void HeldPicture::show(const Surface& surface) const {
  const int width = surface.width, height = surface.height;
  const int own_width = picture_.width(), own_height = picture_.height();
  const double scale = std::min(static_cast<double>(width) / own_width, static_cast<double>(height) / own_height);
  const int w = static_cast<int>(std::lround(own_width * scale)), h = static_cast<int>(std::lround(own_height * scale));
  const int x = (width - w) / 2, y = (height - h) / 2;
  glDisable(GL_SCISSOR_TEST);
  glBindFramebuffer(GL_FRAMEBUFFER, surface.framebuffer);
  if (w < width || h < height) {
    glClearColor(0.0f, 0.0f, 0.0f, 1.0f);
    glClear(GL_COLOR_BUFFER_BIT);
  }
  glBindFramebuffer(GL_READ_FRAMEBUFFER, picture_.get());
  const bool same = w == own_width && h == own_height;
  glBlitFramebuffer(0, 0, own_width, own_height, x, y, x + w, y + h, GL_COLOR_BUFFER_BIT,
                    same ? GL_NEAREST : GL_LINEAR);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
}

}  // namespace ombra::gfx
