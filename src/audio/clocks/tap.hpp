#pragma once
// The tempo of a hand: a least squares line through its last taps, so that one clumsy tap among eight moves it little.
// A tap that was left out is counted (the line runs through beat numbers, not through taps); a tap that fits no beat of
// the series begins a new one, together with the tap before it.
// Thread: one owner; no allocation.

#include <array>
#include <cstddef>

namespace ombra::audio {

class TapTempo {
 public:
  static constexpr double kForgetS = 2.0;  // so long without a tap: the next one begins a new series

  // A tap at time_s on the clock of core/clock.hpp. Taps nearer than 0.15 s to the one before are a bouncing key and
  // are ignored.
  void tap(double time_s);
  void forget() { taps_ = 0; }

  // -> taps of this series that count, up to 8
  int taps() const { return static_cast<int>(taps_); }
  // -> beats a minute, 0 before the second tap
  double bpm() const { return bpm_; }
  // -> when the line has the beat of the last tap, s
  double beat_s() const { return beat_s_; }

 private:
  static constexpr std::size_t kMax = 8;
  double median_interval() const;  // of the taps so far, s a beat

  std::array<double, kMax> time_s_{}, beat_{};  // oldest first
  std::size_t taps_ = 0;
  double bpm_ = 0.0, beat_s_ = 0.0;
};

}  // namespace ombra::audio
