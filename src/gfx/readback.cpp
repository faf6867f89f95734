#include "gfx/readback.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::gfx {
namespace {

constexpr std::uint64_t kLongestWaitNs = 1'000'000'000;

}  // namespace

Readback::Readback(int width, int height) : width_(width), height_(height) {
  for (Slot& s : slots_) {
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

bool Readback::copy(const Surface& source, double tag) {
  if (under_way() == kSlots || source.width <= 0 || source.height <= 0) return false;
  Slot& s = slot(copied_++);
  s.tag = tag;
  if (source.width == width_ && source.height == height_ && read_ + 1 == copied_) {
    read(s, source);
    ++read_;
  } else {
    scale(s, source);
  }
  return true;
}

void Readback::scale(Slot& slot, const Surface& source) const {
  const int width = source.width, height = source.height;
  if (slot.scaled.get() == 0) slot.scaled = Framebuffer(GL_RGBA8, width_, height_);
  const double scale = std::min(static_cast<double>(width_) / width, static_cast<double>(height_) / height);
  const auto side = [scale](int length, int room) {  // a pixel more or less is rounding, not a bar
    const int scaled = static_cast<int>(std::lround(length * scale));
    return scaled >= room - 1 ? room : std::max(scaled, 1);
  };
  const int w = side(width, width_), h = side(height, height_), x = (width_ - w) / 2, y = (height_ - h) / 2;
  if (w < width_ || h < height_) slot.scaled.clear(0.0f, 0.0f, 0.0f, 1.0f);
  read_from(source);
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, slot.scaled.get());
  glBlitFramebuffer(0, 0, width, height, x, y, x + w, y + h, GL_COLOR_BUFFER_BIT, GL_LINEAR);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  slot.fence = glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
}

// -> has the GPU come as far as the slot's fence? The fence is gone then.
bool Readback::passed(Slot& slot, std::uint64_t wait_ns) {
  const GLenum state = glClientWaitSync(slot.fence, GL_SYNC_FLUSH_COMMANDS_BIT, wait_ns);
  if (state == GL_TIMEOUT_EXPIRED) return false;
  glDeleteSync(slot.fence);
  slot.fence = nullptr;
  return true;
}

void Readback::read(Slot& slot, const Surface& source) const {
  read_from(source);
  glBindBuffer(GL_PIXEL_PACK_BUFFER, slot.buffer.get());
  glPixelStorei(GL_PACK_ALIGNMENT, 4);
  glReadPixels(0, 0, width_, height_, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, 0);
  slot.fence = glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
}

void Readback::advance(const Take& take, std::uint64_t wait_ns) {
  for (; given_ < read_ && passed(slot(given_), wait_ns); ++given_) {
    const Slot& s = slot(given_);
    const auto bytes = static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_) * 4;
    glBindBuffer(GL_PIXEL_PACK_BUFFER, s.buffer.get());
    const void* pixels = glMapBufferRange(GL_PIXEL_PACK_BUFFER, 0, static_cast<GLsizeiptr>(bytes), GL_MAP_READ_BIT);
    if (pixels != nullptr) {
      take({static_cast<const std::uint8_t*>(pixels), bytes}, s.tag);
      glUnmapBuffer(GL_PIXEL_PACK_BUFFER);
    }
    glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
  }
  // the copies in a step of their own: a software driver reads at once, and would wait for the drawing
  for (; read_ < copied_ && passed(slot(read_), wait_ns); ++read_) read(slot(read_), slot(read_).scaled.surface());
}

void Readback::collect(const Take& take) { advance(take, 0); }

void Readback::finish(const Take& take) {
  for (int i = 0; i < 2 && under_way() > 0; ++i) advance(take, kLongestWaitNs);
}

}  // namespace ombra::gfx
