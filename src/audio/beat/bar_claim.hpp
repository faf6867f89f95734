#pragma once
// Which beats begin bars, and of how many beats they are: what the bar pointer believes, as a mean over some seconds,
// and held on to. It claims nothing without evidence, and keeps its claim against passing doubts. Thread: one owner; no
// allocation.

#include "audio/beat/bar_pointer.hpp"
#include "core/frames.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace ombra::audio {

class BarClaim {
 public:
  // bars: what the beat number `beat`, which sounds now, may be; step_s: since the last call
  void hear(const BarPointer::Bars& bars, std::int64_t beat, double step_s);
  // Nothing is known any more: another record, another tempo.
  void forget() { *this = {}; }
  // Fills in the grid's bar: its confidence is at least 0.5 where a bar is claimed, else 0, and then the bar stays the
  // last one.
  void tell(BeatGrid& grid) const;

 private:
  // of each metre and each beat, counted modulo the metre, that may be the first of a bar: as BarPointer has its beats
  std::array<double, BarPointer::kSlots> mean_{};
  double heard_s_ = 0.0;
  std::size_t meter_ = 0;
  bool known_ = false;
};

}  // namespace ombra::audio
