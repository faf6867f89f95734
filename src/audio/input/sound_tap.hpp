#pragma once
// Sound on its way to what keeps it, such as the recorder: pieces with their times, as they came in.
// Thread: one writer calls push, one reader calls turn and pop. push neither waits nor allocates.

#include "core/spsc_ring.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ombra::audio {

// Some milliseconds of it.
struct HeardSound {
  std::vector<float> stereo;  // interleaved
  int rate_hz = 0;
  double end_s = 0.0;  // clock time at which the last of it was heard
};

class SoundTap {
 public:
  SoundTap();

  // What is pushed while it is off is lost. Turned on, it begins empty.
  void turn(bool on);
  // stereo: interleaved. A piece that does not fit is lost as a whole, and counted.
  void push(std::span<const float> stereo, int rate_hz, double end_s) noexcept;
  // -> false when there is no more; the memory of sound is used again
  bool pop(HeardSound& sound);
  std::uint64_t lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

 private:
  struct Piece {
    std::size_t samples;
    int rate_hz;
    double end_s;
  };

  // shared
  SpscRing<float> samples_;
  SpscRing<Piece> pieces_;  // a piece is pushed after its samples
  std::atomic<bool> on_{false};
  std::atomic<std::uint64_t> lost_{0};
};

}  // namespace ombra::audio
