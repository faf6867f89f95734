#pragma once
// Where phrases of four and eight bars begin: a fill goes before, a crash or another texture comes with them. Each bar
// that begins says how much is new with it; what bars four and eight apart said is summed and slowly forgotten. Nothing
// is claimed where the bar itself is not known. Thread: one owner; no allocation.

#include "audio/beat/beat_sums.hpp"
#include "core/frames.hpp"

#include <array>
#include <cstdint>

namespace ombra::audio {

class Phrases {
 public:
  // One hop; ended: whether a beat ended with it (beats). Fills in its part of the frame's form.
  void push(const BeatSums& beats, bool ended, AudioFrame& frame);

 private:
  static constexpr std::size_t kBars = 8;
  void begin_bar(const BeatSums& beats, std::int64_t bar, std::size_t per_bar);
  double novelty(const BeatSums& beats, std::size_t per_bar) const;
  void decide(const BeatGrid& grid);

  std::array<double, kBars> said_{};  // by bar modulo eight
  double mean_ = 0.0, spread_ = 1.0;  // of what bars have said
  int bars_ = 0;
  int per_bar_ = 0;
  double downbeat_ = 0.0;
  double phrase_ = 0.0;
  int phrase_bars_ = 0;
  float confidence_ = 0.0f;
};

}  // namespace ombra::audio
