#pragma once
// What each beat sounded like as a whole: how much of each band, how many attacks, against the loudest of late. What
// sections and phrases are told by. Thread: one owner; no allocation.

#include "audio/beat/features.hpp"
#include "core/frames.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace ombra::audio {

// Means over a beat. Amplitudes in units of the loudness reference.
struct BeatSum {
  double bass = 0.0, level = 0.0, treble = 0.0;
  double flux = 0.0;     // attacks, and how clear they are
  double onsets = 0.0;   // how many
  double on_beat = 0.0;  // flux of its first eighth against its mean: how hard it begins
  int hops = 0;
};

class BeatSums {
 public:
  static constexpr std::size_t kRemembered = 64;

  // One hop; grid: of its time. -> has a beat ended with it? (then it is at(0))
  bool push(const HopFeatures& hop, std::uint64_t onsets, const BeatGrid& grid, bool silent);
  // How many beats in a row are known, the newest of them at(0), the one before at(1). at(i): i < count().
  std::size_t count() const { return count_; }
  const BeatSum& at(std::size_t ago) const { return past_[(newest_ + kRemembered - ago) % kRemembered]; }
  // Number of the beat at(0), as the grid counts.
  std::int64_t number() const { return number_; }
  void forget();

 private:
  std::array<BeatSum, kRemembered> past_{};
  std::size_t newest_ = 0, count_ = 0;
  std::int64_t number_ = 0;
  BeatSum open_;  // sums of the beat that is going on
  double first_flux_ = 0.0;
  int first_hops_ = 0;
  std::int64_t open_number_ = 0;
  std::uint64_t onsets_before_ = 0;
  int quiet_hops_ = 0;
};

}  // namespace ombra::audio
