#pragma once
// The drum kit: every hit is synthesised from sines and filtered noise.

#include "synth.hpp"

namespace ombra::track {

class Drums {
 public:
  explicit Drums(Bus& bus, Bus& room) : bus_(bus), room_(room) {}

  // A sine that falls from 190 to 47 Hz, a click in front, soft saturation: round below, audible on a laptop.
  void kick(double at_s, double gain) {
    double phase = 0.0;
    for (std::size_t i = 0; i < frame_of(0.36); ++i) {
      const double t = seconds(i);
      phase += 2.0 * kPi * (47.0 + 145.0 * std::exp(-t / 0.018) + 40.0 * std::exp(-t / 0.06)) / kRateHz;
      const double body = std::sin(phase) * std::exp(-t / 0.15) * std::min(1.0, (0.36 - t) / 0.05);
      const double click = rng_.uniform(-1.0, 1.0) * std::exp(-t / 0.0025) * 0.35;
      bus_.add(frame_of(at_s) + i, gain * std::tanh(1.9 * body + click));
    }
  }

  // Three bursts of noise and a tail, as several hands.
  void clap(double at_s, double gain) {
    Filter tone, air;
    for (std::size_t i = 0; i < frame_of(0.35); ++i) {
      const double t = seconds(i);
      double shape = std::exp(-std::max(0.0, t - 0.022) / 0.075) * (t > 0.022 ? 1.0 : 0.0);
      for (const double burst : {0.0, 0.010, 0.021}) {
        if (t >= burst) shape += 0.8 * std::exp(-(t - burst) / 0.004);
      }
      const double noise = rng_.uniform(-1.0, 1.0) * shape;
      const double value = gain * (tone.next(noise, 1350.0, 1.4).band + 0.35 * air.next(noise, 5200.0, 0.7).high);
      const double side = 0.25 * rng_.uniform(-1.0, 1.0);
      bus_.add(frame_of(at_s) + i, value, side);
      room_.add(frame_of(at_s) + i, 0.35 * value);
    }
  }

  // decay_s: 0.03 closed, 0.18 open, 0.6 a ride
  void hat(double at_s, double gain, double decay_s, double pan) {
    Filter high, ring;
    double metal[6] = {};
    static constexpr double kPartials[6] = {3231.0, 4123.0, 5417.0, 6397.0, 8117.0, 9703.0};
    for (std::size_t i = 0; i < frame_of(decay_s * 5.0); ++i) {
      const double t = seconds(i);
      double sound = 0.9 * rng_.uniform(-1.0, 1.0);
      for (int k = 0; k < 6; ++k) {
        metal[k] += kPartials[k] / kRateHz;
        sound += 0.15 * (metal[k] - std::floor(metal[k]) < 0.5 ? 1.0 : -1.0);
      }
      const double shape = std::exp(-t / decay_s) * std::min(1.0, t / 0.0008);
      const double value = high.next(sound, 7800.0, 0.8).high + 0.15 * ring.next(sound, 9800.0, 1.5).band;
      bus_.add(frame_of(at_s) + i, gain * 0.5 * value * shape, pan);
    }
  }

  void snare(double at_s, double gain) {
    Filter tone;
    double phase = 0.0;
    for (std::size_t i = 0; i < frame_of(0.2); ++i) {
      const double t = seconds(i);
      phase += 2.0 * kPi * (185.0 + 70.0 * std::exp(-t / 0.02)) / kRateHz;
      const double noise = tone.next(rng_.uniform(-1.0, 1.0), 2600.0, 0.6).high * std::exp(-t / 0.06);
      const double value = gain * (0.5 * std::sin(phase) * std::exp(-t / 0.05) + 0.7 * noise);
      bus_.add(frame_of(at_s) + i, value);
      room_.add(frame_of(at_s) + i, 0.3 * value);
    }
  }

  // A tuned skin: congas and rims of the percussion line.
  void skin(double at_s, double gain, double hz, double decay_s, double pan) {
    double phase = 0.0;
    for (std::size_t i = 0; i < frame_of(decay_s * 6.0); ++i) {
      const double t = seconds(i);
      phase += 2.0 * kPi * hz * (1.0 + 0.35 * std::exp(-t / 0.012)) / kRateHz;
      const double slap = rng_.uniform(-1.0, 1.0) * std::exp(-t / 0.004) * 0.3;
      const double value = gain * (std::sin(phase) + slap) * std::exp(-t / decay_s) * std::min(1.0, t / 0.001);
      bus_.add(frame_of(at_s) + i, value, pan);
      room_.add(frame_of(at_s) + i, 0.25 * value);
    }
  }

  void crash(double at_s, double gain) {
    Filter left, right;
    for (std::size_t i = 0; i < frame_of(3.5); ++i) {
      const double t = seconds(i);
      const double shape = gain * std::exp(-t / 0.9) * std::min(1.0, t / 0.002);
      const double cutoff = 3500.0 + 3000.0 * std::exp(-t / 0.5);
      bus_.add(frame_of(at_s) + i, shape * left.next(rng_.uniform(-1.0, 1.0), cutoff, 0.6).high, -0.6);
      bus_.add(frame_of(at_s) + i, shape * right.next(rng_.uniform(-1.0, 1.0), cutoff, 0.6).high, 0.6);
    }
  }

  // Noise that opens and rises until to_s.
  void riser(double from_s, double to_s, double gain) {
    Filter left, right;
    const std::size_t first = frame_of(from_s), n = frame_of(to_s) - first;
    for (std::size_t i = 0; i < n; ++i) {
      const double x = static_cast<double>(i) / static_cast<double>(n);
      const double cutoff = 300.0 * std::exp2(5.2 * x), shape = gain * x * x * std::min(1.0, (1.0 - x) * 80.0);
      bus_.add(first + i, shape * left.next(rng_.uniform(-1.0, 1.0), cutoff, 1.6).band, -0.7);
      bus_.add(first + i, shape * right.next(rng_.uniform(-1.0, 1.0), cutoff, 1.6).band, 0.7);
      room_.add(first + i, 0.15 * shape * rng_.uniform(-1.0, 1.0));
    }
  }

  // A deep boom under a crash.
  void impact(double at_s, double gain) {
    double phase = 0.0;
    for (std::size_t i = 0; i < frame_of(1.6); ++i) {
      const double t = seconds(i);
      phase += 2.0 * kPi * (36.0 + 50.0 * std::exp(-t / 0.12)) / kRateHz;
      const double value = gain * std::sin(phase) * std::exp(-t / 0.35) * std::min(1.0, t / 0.003);
      bus_.add(frame_of(at_s) + i, value);
      room_.add(frame_of(at_s) + i, 0.3 * value);
    }
  }

 private:
  static double seconds(std::size_t i) { return static_cast<double>(i) / kRateHz; }
  Bus& bus_;
  Bus& room_;
  Rng rng_{124};
};

}  // namespace ombra::track
