#pragma once
// An ear that hears even beats, for tests of what is made of its word.

#include "audio/beat/ear.hpp"

#include <cmath>

namespace ombra::audio::test {

struct MadeUpEar {
  double bpm = 120.0, first_s = 0.3;
  int beats_per_bar = 4, first_bar = 0;
  double beat = 0.8, bar = 0.75, between = 0.02,
         half = 0.0;  // half: said half a beat after each beat
  bool knows_tempo = false;

  // Of the hop that lies around time_s.
  EarSays says_at(double time_s) const {
    constexpr double kHopS = 0.01;
    EarSays says;
    says.beat = static_cast<float>(between);
    says.bar = 0.01f;
    says.pulse = 1.0f;
    const double beats = (time_s - first_s) * bpm / 60.0, hop = kHopS * bpm / 60.0;
    const auto on = [&](double place) { return std::abs(beats - place - std::round(beats - place)) <= 0.5 * hop; };
    if (on(0.0)) {
      says.beat = static_cast<float>(beat);
      if ((std::lround(beats) - first_bar) % beats_per_bar == 0) says.bar = static_cast<float>(bar);
    } else if (half > 0.0 && on(0.5)) {
      says.beat = static_cast<float>(half);
    }
    says.tempo.fill(1.0f / static_cast<float>(model::kEarTempi));
    if (!knows_tempo) return says;
    const double kind = model::ear_tempo_class(bpm);
    float sum = 0.0f;
    for (std::size_t i = 0; i < says.tempo.size(); ++i)
      sum += says.tempo[i] = std::exp(-0.5f * static_cast<float>(std::pow(static_cast<double>(i) - kind, 2)));
    for (float& p : says.tempo) p /= sum;
    return says;
  }
};

}  // namespace ombra::audio::test
