#pragma once
// Pictures from the GPU without waiting for it: read into a ring of pixel buffers, by way of a scaled copy where the
// size differs, and given out when a fence says that the buffer is filled, one to three frames later. (Mesa's software
// driver has no GPU to wait for: it draws when pixels are asked for. That costs 0.5 ms at 1280x720 on two cores; the
// copy would cost 4 ms of processor time and is therefore made only where it is needed.) Thread: render only.

#include "gfx/framebuffer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace ombra::gfx {

class Readback {
 public:
  static constexpr std::size_t kSlots = 6;

  // width, height: of the pictures that come out.
  Readback(int width, int height);
  ~Readback();
  Readback(const Readback&) = delete;
  Readback& operator=(const Readback&) = delete;

  int width() const { return width_; }
  int height() const { return height_; }

  // Copies the surface, as large as fits into the picture, with black beside it where the shapes differ. tag: comes out
  // with it. -> false, and nothing is copied, when the GPU is so far behind that the ring is full
  bool copy(const Surface& source, double tag);

  using Take = std::function<void(std::span<const std::uint8_t> rgba, double tag)>;
  // Calls take for each picture that is ready, oldest first: rows from below, as OpenGL counts them,
  // [height][width][4]; alpha is undefined.
  void collect(const Take& take);
  // The same for all that are under way, waiting for the GPU: at the end.
  void finish(const Take& take);
  std::size_t under_way() const { return copied_ - given_; }

 private:
  struct Slot {
    Framebuffer scaled;  // made when it is needed
    BufferHandle buffer;
    GLsync fence = nullptr;
    double tag = 0.0;
  };
  Slot& slot(std::uint64_t number) { return slots_[number % kSlots]; }
  void scale(Slot& slot, const Surface& source) const;
  void read(Slot& slot, const Surface& source) const;
  static bool passed(Slot& slot, std::uint64_t wait_ns);
  void advance(const Take& take, std::uint64_t wait_ns);

  const int width_, height_;
  std::array<Slot, kSlots> slots_;
  // how many pictures were taken on, are read into their buffers, and given out: given_ <= read_ <= copied_
  std::uint64_t copied_ = 0, read_ = 0, given_ = 0;
};

}  // namespace ombra::gfx
