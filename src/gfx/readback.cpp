#include "gfx/readback.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::gfx {
namespace {

constexpr std::uint64_t kLongestWaitNs = 1'000'000'000;

}  // namespace

Readback::Readback(int width, int height) {
  for (Slot& s : slots_) {
    s.scaled = Framebuffer(GL_RGBA8, width, height);
    GLuint name = 0;
    glGenBuffers(1, &name);
    s.buffer = BufferHandle(name);
    glBindBuffer(GL_PIXEL_PACK_BUFFER, name);
    glBufferData(GL_PIXEL_PACK_BUFFER, static_cast<GLsizeiptr>(width) * height * 4, nullptr, GL_STREAM_READ);
  }
  glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
  gl_check("buffers for reading pixels");
}

Readback::~Readback() {
  for (const Slot& s : slots_) glDeleteSync(s.fence);
}

bool Readback::copy(GLuint source, int width, int height, double tag) {
  if (under_way() == kSlots || width <= 0 || height <= 0) return false;
  Slot& s = slot(copied_);
  const int w = s.scaled.width(), h = s.scaled.height();
  const double scale = std::min(static_cast<double>(w) / width, static_cast<double>(h) / height);
  const auto side = [scale](int length, int room) {  // a pixel more or less is rounding, not a bar
    const int scaled = static_cast<int>(std::lround(length * scale));
    return scaled >= room - 1 ? room : std::max(scaled, 1);
  };
  const int fit_w = side(width, w), fit_h = side(height, h), x = (w - fit_w) / 2, y = (h - fit_h) / 2;
  if (fit_w < w || fit_h < h) s.scaled.clear(0.0f, 0.0f, 0.0f, 1.0f);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, source);
  glReadBuffer(source == 0 ? GL_BACK : GL_COLOR_ATTACHMENT0);
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, s.scaled.get());
  // OpenGL counts rows from below: turned over here, where it costs nothing
  const bool same = fit_w == width && fit_h == height;
  glBlitFramebuffer(0, 0, width, height, x, y + fit_h, x + fit_w, y, GL_COLOR_BUFFER_BIT,
                    same ? GL_NEAREST : GL_LINEAR);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  s.tag = tag;
  s.fence = glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
  ++copied_;
  return true;
}

// -> has the GPU come as far as the slot's fence? The fence is gone then.
bool Readback::passed(Slot& slot, std::uint64_t wait_ns) {
  const GLenum state = glClientWaitSync(slot.fence, GL_SYNC_FLUSH_COMMANDS_BIT, wait_ns);
  if (state == GL_TIMEOUT_EXPIRED) return false;
  glDeleteSync(slot.fence);
  slot.fence = nullptr;
  return true;
}

// In a step of its own: a software driver copies at once, and waits for the drawing if it is not done.
void Readback::read(Slot& slot) {
  glBindFramebuffer(GL_READ_FRAMEBUFFER, slot.scaled.get());
  glReadBuffer(GL_COLOR_ATTACHMENT0);
  glBindBuffer(GL_PIXEL_PACK_BUFFER, slot.buffer.get());
  glPixelStorei(GL_PACK_ALIGNMENT, 4);
  glReadPixels(0, 0, slot.scaled.width(), slot.scaled.height(), GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, 0);
  slot.fence = glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
}

void Readback::advance(const Take& take, std::uint64_t wait_ns) {
  for (; given_ < read_ && passed(slot(given_), wait_ns); ++given_) {
    const Slot& s = slot(given_);
    const auto bytes = static_cast<std::size_t>(width()) * static_cast<std::size_t>(height()) * 4;
    glBindBuffer(GL_PIXEL_PACK_BUFFER, s.buffer.get());
    const void* pixels = glMapBufferRange(GL_PIXEL_PACK_BUFFER, 0, static_cast<GLsizeiptr>(bytes), GL_MAP_READ_BIT);
    if (pixels != nullptr) {
      take({static_cast<const std::uint8_t*>(pixels), bytes}, s.tag);
      glUnmapBuffer(GL_PIXEL_PACK_BUFFER);
    }
    glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
  }
  for (; read_ < copied_ && passed(slot(read_), wait_ns); ++read_) read(slot(read_));
}

void Readback::collect(const Take& take) { advance(take, 0); }

void Readback::finish(const Take& take) {
  for (int i = 0; i < 2 && under_way() > 0; ++i) advance(take, kLongestWaitNs);
}

}  // namespace ombra::gfx
