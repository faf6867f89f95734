// What BeatFilter believes, read from the probabilities of its states.

#include "audio/beat/beat_filter.hpp"
#include "core/arithmetic.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {}  // namespace

BeatFilter::Belief BeatFilter::likeliest() const {
  // mass by coarse place and period; neighbouring boxes are taken together
  constexpr std::size_t kPlaces = 24, kPeriods = 24;
  std::array<double, kPlaces * kPeriods> box{};
  const double low = std::log(period_s(0)), span = std::log(period_s(tempi() - 1)) - low;
  for (const Ring& ring : rings_) {
    const auto row = static_cast<std::size_t>((std::log(ring.cells * cell_s_) - low) / span * (kPeriods - 1) + 0.5);
    for (int place = 0; place < ring.size; ++place) {
      const auto column = std::min(kPlaces - 1, static_cast<std::size_t>(ring.within(place) * kPlaces));
      box[row * kPlaces + column] += probability_[ring.first + static_cast<std::size_t>(ring.at(place))];
    }
  }
  double best = -1.0;
  Belief belief;
  for (std::size_t y = 0; y < kPeriods; ++y) {
    for (std::size_t x = 0; x < kPlaces; ++x) {
      double sum = 0.0;
      for (std::size_t v = y > 0 ? y - 1 : y; v <= std::min(y + 1, kPeriods - 1); ++v) {
        for (std::size_t u = x + kPlaces - 1; u <= x + kPlaces + 1; ++u) sum += box[v * kPlaces + u % kPlaces];
      }
      if (sum <= best) continue;
      best = sum;
      belief.beat = (static_cast<double>(x) + 0.5) / kPlaces;
      belief.period_s = std::exp(low + static_cast<double>(y) / (kPeriods - 1) * span);
    }
  }
  return near(belief.beat, belief.period_s);
}

BeatFilter::Belief BeatFilter::near(double beat, double period_s) const {
  constexpr double kNearBeats = 0.12, kNearPeriod = 0.08;
  double mass = 0.0, place_sum = 0.0, period_sum = 0.0;
  for (const Ring& ring : rings_) {
    const double period = ring.cells * cell_s_;
    if (std::abs(period / period_s - 1.0) > kNearPeriod) continue;
    for (int place = 0; place < ring.size; ++place) {
      const double d = wrapped(ring.within(place) - beat);
      if (std::abs(d) > kNearBeats) continue;
      const double p = probability_[ring.first + static_cast<std::size_t>(ring.at(place))];
      mass += p;
      place_sum += p * d;
      period_sum += p * period;
    }
  }
  if (mass <= 1e-12) return {beat, period_s, 0.0};
  const double place = beat + place_sum / mass;
  return {place - std::floor(place), period_sum / mass, mass / total_};
}

}  // namespace ombra::audio
