#pragma once
// The building blocks of the bundled track: sound buffers, band-limited oscillators, filters, envelopes.
// Everything is calculated from the seed and the score alone: same program, same sound.

#include "core/rng.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace ombra::track {

inline constexpr int kRateHz = 48000;
inline constexpr double kPi = std::numbers::pi;

// One bus of the mixer.
struct Bus {
  std::vector<float> left, right;
  explicit Bus(std::size_t frames) : left(frames, 0.0f), right(frames, 0.0f) {}
  std::size_t size() const { return left.size(); }

  // pan: -1 left .. 1 right, constant power
  void add(std::size_t i, double value, double pan = 0.0) {
    if (i >= left.size()) return;
    const double angle = (pan + 1.0) * kPi / 4.0;
    left[i] += static_cast<float>(value * std::cos(angle) * std::numbers::sqrt2);
    right[i] += static_cast<float>(value * std::sin(angle) * std::numbers::sqrt2);
  }
  void mix(const Bus& other, double gain) {
    for (std::size_t i = 0; i < size(); ++i) {
      left[i] += static_cast<float>(gain) * other.left[i];
      right[i] += static_cast<float>(gain) * other.right[i];
    }
  }
};

inline double decibels(double db) { return std::pow(10.0, db / 20.0); }
inline double hz_of(double midi) { return 440.0 * std::exp2((midi - 69.0) / 12.0); }
inline std::size_t frame_of(double seconds) { return static_cast<std::size_t>(std::llround(seconds * kRateHz)); }

// Sawtooth without audible aliasing: polynomial band-limited step (Valimaki and Huovilainen 2007).
class Saw {
 public:
  explicit Saw(double phase) : phase_(phase - std::floor(phase)) {}
  double next(double hz) {
    const double step = hz / kRateHz;
    phase_ += step;
    if (phase_ >= 1.0) phase_ -= 1.0;
    double value = 2.0 * phase_ - 1.0;
    if (phase_ < step) {
      const double t = phase_ / step;
      value -= t + t - t * t - 1.0;
    } else if (phase_ > 1.0 - step) {
      const double t = (phase_ - 1.0) / step;
      value -= t * t + t + t + 1.0;
    }
    return value;
  }

 private:
  double phase_;
};

// State-variable filter, trapezoidal integration (Simper 2013): stable while its cutoff is swept.
class Filter {
 public:
  struct Out {
    double low, band, high;
  };
  Out next(double in, double cutoff_hz, double q) {
    const double g = std::tan(kPi * std::clamp(cutoff_hz, 20.0, 0.45 * kRateHz) / kRateHz), k = 1.0 / q;
    const double a1 = 1.0 / (1.0 + g * (g + k)), a2 = g * a1, a3 = g * a2;
    const double v3 = in - state2_, v1 = a1 * state1_ + a2 * v3, v2 = state2_ + a2 * state1_ + a3 * v3;
    state1_ = 2.0 * v1 - state1_;
    state2_ = 2.0 * v2 - state2_;
    return {v2, v1, in - k * v1 - v2};
  }

 private:
  double state1_ = 0.0, state2_ = 0.0;
};

// Linear attack, exponential fall to sustain, exponential release after gate_s.
struct Envelope {
  double attack_s, decay_s, sustain, release_s;
  double at(double t, double gate_s) const {
    const double held = std::min(t, gate_s);
    double value =
        held < attack_s ? held / attack_s : sustain + (1.0 - sustain) * std::exp(-(held - attack_s) / decay_s);
    if (t > gate_s) value *= std::exp(-(t - gate_s) / release_s);
    return value;
  }
  double length(double gate_s) const { return gate_s + 6.0 * release_s; }
};

}  // namespace ombra::track
