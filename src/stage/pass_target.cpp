#include "stage/pass_target.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ombra::stage {
namespace {

void copy_scaled(const gfx::Framebuffer& from, GLuint target, int width, int height) {
  glBindFramebuffer(GL_READ_FRAMEBUFFER, from.get());
  glReadBuffer(GL_COLOR_ATTACHMENT0);
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, target);
  glBlitFramebuffer(0, 0, from.width(), from.height(), 0, 0, width, height, GL_COLOR_BUFFER_BIT, GL_LINEAR);
}

}  // namespace

void PassTarget::fit(const SlotInfo& slot, int width, int height) {
  const int h = std::clamp(height / slot.divisor, 1, slot.most_lines);
  const int w = h < slot.most_lines ? std::max(width / slot.divisor, 1)
                                    : std::max(static_cast<int>(std::lround(1.0 * width * h / height)), 1);
  for (int i = 0; i < (slot.keeps_before ? 2 : 1); ++i) {
    std::optional<gfx::Framebuffer>& picture = pictures[i];
    if (picture && picture->width() == w && picture->height() == h) continue;
    gfx::Framebuffer fitting(slot.format, w, h);
    // what is remembered goes on in another size
    if (picture && slot.keeps_before && i == newest) copy_scaled(*picture, fitting.get(), w, h);
    picture = std::move(fitting);
  }
}

}  // namespace ombra::stage
