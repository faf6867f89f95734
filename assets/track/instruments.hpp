#pragma once
// The tuned instruments: pad, stab, pluck, lead and bass, all from detuned sawtooths through a swept low-pass.

#include "synth.hpp"

#include <functional>
#include <span>

namespace ombra::track {

struct Voice {
  int saws = 5;           // detuned copies of each note
  double detune = 0.006;  // largest, as a share of the frequency
  double width = 0.8;     // how far they are spread to the sides
  Envelope loudness;
  double cutoff_hz = 1200.0;
  double sweep_octaves = 0.0;  // the envelope opens the filter by this much at its peak
  double sweep_s = 0.15;
  double q = 0.8;
  double vibrato = 0.0;  // share of the frequency, 5.5 Hz, fades in
};

// Adds the notes (MIDI numbers) of one chord. brightness(t): factor on the cutoff at clock time t.
inline void play(Bus& bus, const Voice& voice, std::span<const double> notes, double at_s, double gate_s, double gain,
                 const std::function<double(double)>& brightness) {
  struct Copy {
    Saw saw;
    double hz, left, right;
  };
  std::vector<Copy> copies;
  for (const double note : notes) {
    for (int k = 0; k < voice.saws; ++k) {
      const double place = voice.saws > 1 ? 2.0 * k / (voice.saws - 1) - 1.0 : 0.0;
      const double pan = ((k % 2) ? -1.0 : 1.0) * std::abs(place) * voice.width;
      copies.push_back({Saw(0.37 * k + 0.113 * note), hz_of(note) * (1.0 + voice.detune * place),
                        std::cos((pan + 1.0) * kPi / 4.0), std::sin((pan + 1.0) * kPi / 4.0)});
    }
  }
  const double norm = gain / std::sqrt(static_cast<double>(copies.size()));
  Filter left, right, left2, right2;
  const std::size_t first = frame_of(at_s), n = frame_of(voice.loudness.length(gate_s));
  double cutoff = 0.0;
  for (std::size_t i = 0; i < n && first + i < bus.size(); ++i) {
    const double t = static_cast<double>(i) / kRateHz;
    if (i % 16 == 0) {
      cutoff = voice.cutoff_hz * brightness(at_s + t) * std::exp2(voice.sweep_octaves * std::exp(-t / voice.sweep_s));
    }
    const double bend = 1.0 + voice.vibrato * std::min(1.0, t / 0.4) * std::sin(2.0 * kPi * 5.5 * t);
    double l = 0.0, r = 0.0;
    for (auto& copy : copies) {
      const double value = copy.saw.next(copy.hz * bend);
      l += value * copy.left;
      r += value * copy.right;
    }
    const double level = norm * voice.loudness.at(t, gate_s);
    l = left2.next(left.next(l, cutoff, voice.q).low, cutoff, 0.6).low;
    r = right2.next(right.next(r, cutoff, voice.q).low, cutoff, 0.6).low;
    bus.left[first + i] += static_cast<float>(level * l);
    bus.right[first + i] += static_cast<float>(level * r);
  }
}

// One bass note: a sine below, a saturated saw above; in the middle of the stereo picture.
inline void play_bass(Bus& bus, double note, double at_s, double gate_s, double gain, double brightness) {
  const Envelope loudness{0.004, 0.25, 0.65, 0.025};
  Saw saw(0.0), fat(0.5);
  Filter filter, filter2;
  double phase = 0.0;
  const double hz = hz_of(note);
  const std::size_t first = frame_of(at_s), n = frame_of(loudness.length(gate_s));
  for (std::size_t i = 0; i < n && first + i < bus.size(); ++i) {
    const double t = static_cast<double>(i) / kRateHz;
    phase += 2.0 * kPi * hz / kRateHz;
    const double cutoff = 170.0 * brightness * std::exp2(3.0 * std::exp(-t / 0.09));
    const double body =
        filter2.next(filter.next(0.6 * saw.next(hz) + 0.4 * fat.next(hz * 1.004), cutoff, 1.3).low, cutoff, 0.7).low;
    const double value = std::tanh(1.4 * (0.75 * std::sin(phase) + 0.9 * body));
    bus.add(first + i, gain * value * loudness.at(t, gate_s));
  }
}

}  // namespace ombra::track
