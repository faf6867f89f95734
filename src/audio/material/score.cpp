#include "audio/material/score.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kFastestBpm = 200.0;
constexpr double kNear = 0.15;  // of a sixteenth or triplet, either way

struct BeatUnit {
  double quarters = 1.0;
  int beats_per_bar = 0;
};

// -> quarters 0: no beats that can be told
BeatUnit unit_of(const MidiMetre& metre, double quarter_s) {
  BeatUnit unit{4.0 / metre.unit, metre.beats};
  if (metre.unit >= 8) {
    if (metre.beats % 3 != 0) return {0.0, 0};
    unit = {12.0 / metre.unit, metre.beats / 3};
  }
  if (60.0 / (unit.quarters * quarter_s) > kFastestBpm && unit.beats_per_bar % 2 == 0) {
    unit.quarters *= 2.0;
    unit.beats_per_bar /= 2;
  }
  if (unit.beats_per_bar < 2 || unit.beats_per_bar > 4) unit.beats_per_bar = 0;
  return unit;
}

double off(double x) { return std::abs(x - std::round(x)); }

}  // namespace

TempoMap::TempoMap(std::span<const MidiTempo> tempi, double factor) {
  stretches_.push_back({0.0, 0.0, 0.5 / factor});
  for (const MidiTempo& tempo : tempi) {
    const Stretch next{tempo.at, seconds(tempo.at), tempo.quarter_s / factor};
    if (next.at <= stretches_.back().at) stretches_.pop_back();
    stretches_.push_back(next);
  }
}

double TempoMap::seconds(double quarter) const {
  const auto next = std::upper_bound(stretches_.begin() + 1, stretches_.end(), quarter,
                                     [](double at, const Stretch& s) { return at < s.at; });
  const Stretch& s = *(next - 1);
  return s.start_s + (quarter - s.at) * s.quarter_s;
}

std::vector<ScoreBeat> beats_of(std::span<const MidiMetre> metres, double quarters, double quarter_s) {
  std::vector<ScoreBeat> beats;
  std::vector<MidiMetre> all(metres.begin(), metres.end());
  const bool known = !all.empty() && all.front().at <= 0.0;
  if (!known) all.insert(all.begin(), MidiMetre{});
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double end = i + 1 < all.size() ? all[i + 1].at : quarters + 1.0;
    const BeatUnit unit = unit_of(all[i], quarter_s);
    if (unit.quarters <= 0.0) return {};
    const int per_bar = i == 0 && !known ? 0 : unit.beats_per_bar;
    for (int k = 0; all[i].at + k * unit.quarters < end - 1e-6; ++k)
      beats.push_back({all[i].at + k * unit.quarters, per_bar > 0 ? k % per_bar : 0, per_bar});
  }
  return beats;
}

double share_on_grid(std::span<const MidiMessage> messages) {
  double notes = 0.0, sixteenths = 0.0, triplets = 0.0;
  for (const MidiMessage& m : messages) {
    if (!m.strikes()) continue;
    notes += 1.0;
    sixteenths += off(4.0 * m.at) < kNear;
    triplets += off(3.0 * m.at) < kNear;
  }
  return notes > 0.0 ? std::max(sixteenths, triplets) / notes : 0.0;
}

double usual_bpm(const Score& score, double factor) {
  const TempoMap map(score.tempi, factor);
  std::vector<double> lengths_s;
  for (std::size_t i = 1; i < score.beats.size(); ++i)
    lengths_s.push_back(map.seconds(score.beats[i].at) - map.seconds(score.beats[i - 1].at));
  if (lengths_s.empty()) return 0.0;
  const auto middle = lengths_s.begin() + static_cast<std::ptrdiff_t>(lengths_s.size() / 2);
  std::nth_element(lengths_s.begin(), middle, lengths_s.end());
  return 60.0 / *middle;
}

void transpose(Score& score, int semitones) {
  for (MidiMessage& m : score.messages) {
    if (m.channel() == MidiMessage::kDrumChannel || !(m.strikes() || m.releases())) continue;
    m.first = static_cast<std::uint8_t>(std::clamp(m.first + semitones, 0, 127));
  }
}

Excerpt excerpt(const Score& score, double factor, double from_s, double seconds) {
  const TempoMap map(score.tempi, factor);
  Excerpt out;
  out.seconds = seconds;
  for (MidiMessage m : score.messages) {
    m.at = map.seconds(m.at) - from_s;
    if (m.at > seconds) break;
    if (m.at < 0.0 && (m.strikes() || m.releases())) continue;
    m.at = std::max(0.0, m.at);
    out.messages.push_back(m);
  }
  for (const ScoreBeat& beat : score.beats) {
    const double at_s = map.seconds(beat.at) - from_s;
    if (at_s < 0.0) out.beats.clear();
    out.beats.push_back({at_s, beat.in_bar, beat.beats_per_bar});
    if (at_s > seconds && out.beats.size() > 1) break;
  }
  return out;
}

}  // namespace ombra::audio
