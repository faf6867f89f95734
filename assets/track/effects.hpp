#pragma once
// The rack: reverb, echo, sidechain ducking and the limiter at the end.

#include "synth.hpp"

#include <array>
#include <deque>
#include <functional>

namespace ombra::track {

// Feedback delay network of eight lines with a Hadamard matrix (Jot 1991). seconds: time to fall by 60 dB.
inline Bus reverb(const Bus& in, double seconds, double damp_hz) {
  constexpr std::array<std::size_t, 8> kLengths = {1447, 1693, 1949, 2237, 2503, 2803, 3119, 3461};
  std::array<std::vector<double>, 8> lines;
  std::array<double, 8> gain{}, dull{};
  for (std::size_t k = 0; k < 8; ++k) {
    lines[k].assign(kLengths[k], 0.0);
    gain[k] = std::pow(10.0, -3.0 * static_cast<double>(kLengths[k]) / kRateHz / seconds);
  }
  const double damp = 1.0 - std::exp(-2.0 * kPi * damp_hz / kRateHz);
  Bus out(in.size());
  Filter cut_left, cut_right;
  for (std::size_t i = 0; i < in.size(); ++i) {
    std::array<double, 8> v{};
    for (std::size_t k = 0; k < 8; ++k) {
      dull[k] += damp * (lines[k][i % kLengths[k]] - dull[k]);
      v[k] = dull[k] * gain[k];
    }
    const double left = v[0] + v[2] + v[4] + v[6], right = v[1] + v[3] + v[5] + v[7];
    for (std::size_t half = 1; half < 8; half *= 2) {
      for (std::size_t k = 0; k < 8; ++k) {
        if (k & half) continue;
        const double a = v[k], b = v[k | half];
        v[k] = (a + b) * std::numbers::sqrt2 / 2.0;
        v[k | half] = (a - b) * std::numbers::sqrt2 / 2.0;
      }
    }
    for (std::size_t k = 0; k < 8; ++k) lines[k][i % kLengths[k]] = v[k] + (k % 2 ? in.right[i] : in.left[i]);
    // no mud: the room is silent below 220 Hz
    out.left[i] = static_cast<float>(0.35 * cut_left.next(left, 220.0, 0.7).high);
    out.right[i] = static_cast<float>(0.35 * cut_right.next(right, 220.0, 0.7).high);
  }
  return out;
}

// Echoes that change sides, each darker than the one before.
inline Bus ping_pong(const Bus& in, double delay_s, double feedback) {
  Bus out(in.size());
  const std::size_t n = frame_of(delay_s);
  double dull_left = 0.0, dull_right = 0.0;
  for (std::size_t i = n; i < in.size(); ++i) {
    dull_left += 0.45 * (0.5 * (in.left[i - n] + in.right[i - n]) + feedback * out.right[i - n] - dull_left);
    dull_right += 0.45 * (feedback * out.left[i - n] - dull_right);
    out.left[i] = static_cast<float>(dull_left);
    out.right[i] = static_cast<float>(dull_right);
  }
  return out;
}

// A filter swept over a whole bus; mode is the output taken.
inline void sweep(Bus& bus, bool high, const std::function<double(double)>& cutoff_hz) {
  Filter left, right;
  double hz = 0.0;
  for (std::size_t i = 0; i < bus.size(); ++i) {
    if (i % 32 == 0) hz = cutoff_hz(static_cast<double>(i) / kRateHz);
    const auto l = left.next(bus.left[i], hz, 0.75), r = right.next(bus.right[i], hz, 0.75);
    bus.left[i] = static_cast<float>(high ? l.high : l.low);
    bus.right[i] = static_cast<float>(high ? r.high : r.low);
  }
}

// gain(t) on a whole bus
inline void shape(Bus& bus, const std::function<double(double)>& gain) {
  for (std::size_t i = 0; i < bus.size(); ++i) {
    const auto g = static_cast<float>(gain(static_cast<double>(i) / kRateHz));
    bus.left[i] *= g;
    bus.right[i] *= g;
  }
}

// Limiter that looks ahead 4 ms: the gain is down before the peak comes, so nothing clips and nothing clicks.
inline void limit(Bus& bus, double ceiling) {
  const std::size_t look = frame_of(0.004);
  const auto needed = [&](std::size_t i) {
    const double peak = std::max(std::abs(bus.left[i]), std::abs(bus.right[i]));
    return peak > ceiling ? ceiling / peak : 1.0;
  };
  std::deque<std::size_t> lowest;  // rising values of needed() in the window ahead
  std::vector<double> window(look, 1.0);
  std::vector<float> gains(bus.size());
  double sum = static_cast<double>(look), held = 1.0;
  for (std::size_t i = 0; i < bus.size() + look; ++i) {
    if (i < bus.size()) {
      while (!lowest.empty() && needed(lowest.back()) >= needed(i)) lowest.pop_back();
      lowest.push_back(i);
    }
    while (!lowest.empty() && lowest.front() + look < i) lowest.pop_front();
    const double target = lowest.empty() ? 1.0 : needed(lowest.front());
    held = std::min(target, held + (1.0 - held) / (0.12 * kRateHz));  // release 120 ms
    sum += held - window[i % look];
    window[i % look] = held;
    if (i >= look) gains[i - look] = static_cast<float>(sum / static_cast<double>(look));
  }
  for (std::size_t i = 0; i < bus.size(); ++i) {
    bus.left[i] *= gains[i];
    bus.right[i] *= gains[i];
  }
}

}  // namespace ombra::track
