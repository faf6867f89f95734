#include "show/desk/desk_canvas.hpp"

#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <algorithm>

namespace ombra::show {
namespace {

void fit(gfx::Framebuffer& picture, int width, int height) {
  if (picture.get() == 0) picture = gfx::Framebuffer(GL_BGRA, width, height);
  picture.resize(width, height);
}

}  // namespace

void DeskCanvas::begin(ImDrawData* data, int width, int height, int strips) {
  data_ = data, width_ = width, height_ = height;
  strips_ = std::clamp(strips, 1, std::max(1, height)), next_ = 0;
  under_way_ = true;
}

bool DeskCanvas::step() {
  if (strips_ == 1) {
    under_way_ = false;
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    ImGui_ImplOpenGL3_RenderDrawData(data_);
    return true;
  }
  if (next_ == strips_) {
    gfx::copy(canvas_.surface(), {0, width_, height_});
    under_way_ = false;
    return true;
  }
  const int top = height_ * next_ / strips_, bottom = height_ * (next_ + 1) / strips_, lines = bottom - top;
  fit(strip_, width_, height_ / strips_ + 1);
  fit(canvas_, width_, height_);
  // the backend draws what lies in the display's rectangle, its lower left corner in that of the framebuffer
  const ImVec2 at = data_->DisplayPos, size = data_->DisplaySize;
  data_->DisplayPos = {at.x, at.y + static_cast<float>(top)};
  data_->DisplaySize = {size.x, static_cast<float>(lines)};
  glBindFramebuffer(GL_FRAMEBUFFER, strip_.get());
  ImGui_ImplOpenGL3_RenderDrawData(data_);
  data_->DisplayPos = at, data_->DisplaySize = size;
  glDisable(GL_SCISSOR_TEST);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, strip_.get());
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, canvas_.get());
  glBlitFramebuffer(0, 0, width_, lines, 0, height_ - bottom, width_, height_ - top, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  ++next_;
  return false;
}

}  // namespace ombra::show
