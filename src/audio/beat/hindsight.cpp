#include "audio/beat/hindsight.hpp"

#include "audio/beat/analysis.hpp"
#include "core/arithmetic.hpp"
#include "core/bar.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr float kConfident = 0.5f;  // confidence from which the live grid is believed
constexpr double kSteady = 0.01;    // the rate is so near to the mean of the seconds to come: nothing slides any more
constexpr double kMeanS = 12.0;     // those seconds ...
constexpr double kMinS = 1.5;       // ... and how many of them there must be
constexpr double kSlideS = 5.0;     // a grid that is not steady after so long is taken as it is
constexpr double kReachS = 8.0;     // how far a line is continued into a passage without beat
constexpr double kOtherTempo = 0.25;
constexpr double kMinBpm = 20.0;  // the beat never stands still

class Hindsight {
 public:
  explicit Hindsight(std::vector<AudioFrame>& hops)
      : hops_(hops), hop_s_((hops.back().time_s - hops.front().time_s) / static_cast<double>(hops.size() - 1)) {}

  void correct() {
    std::size_t i = 0;
    while (i < hops_.size()) {
      if (confident(i)) {
        ++i;
        continue;
      }
      const std::size_t found = settled_after(i);
      if (found == hops_.size()) break;
      fill(i, found);
      i = found;
    }
    know_bars();
  }

 private:
  std::size_t count(double seconds) const { return static_cast<std::size_t>(seconds / hop_s_); }
  bool confident(std::size_t i) const { return hops_[i].grid.confidence >= kConfident; }
  double beat(std::size_t i) const { return hops_[i].grid.anchor_beat; }

  // -> mean beats a hop over the confident hops from i on; 0 when there are too few of them
  double rate(std::size_t i) const {
    std::size_t end = i;
    while (end < hops_.size() && end - i < count(kMeanS) && confident(end)) ++end;
    if (end < i + std::max<std::size_t>(2, count(kMinS))) return 0.0;
    return (beat(end - 1) - beat(i)) / static_cast<double>(end - 1 - i);
  }

  // -> the first hop after i at which the live grid is confident and steady, or the number of hops
  std::size_t settled_after(std::size_t i) const {
    std::size_t since = hops_.size();  // the beginning of this run of confident hops
    for (; i < hops_.size(); ++i) {
      if (!confident(i)) {
        since = hops_.size();
        continue;
      }
      if (since == hops_.size()) since = i;
      const double mean = rate(i);
      if (mean <= 0.0) continue;
      const double now = hops_[i].grid.bpm / 60.0 * hop_s_;
      if (std::abs(now / mean - 1.0) <= kSteady || i - since >= count(kSlideS)) return i;
    }
    return i;
  }

  // Replaces the grids from a lost hop on by the line of the settled one, and renumbers all after it by whole beats.
  void fill(std::size_t lost, std::size_t settled) {
    const double mean = rate(settled);
    const bool opening = lost == 0;
    const std::size_t from = opening ? 0 : std::max(lost, settled - std::min(settled, count(kReachS)));
    const auto line = [&, at = beat(settled)](std::size_t j) { return at - mean * static_cast<double>(settled - j); };
    const double whole = opening ? 4.0 - std::round(line(0)) : std::round(beat(from) - line(from));
    const float confidence = hops_[settled].grid.confidence;
    for (std::size_t j = from; j < settled; ++j) {
      const double t = std::min(1.0, 2.0 * static_cast<double>(j - from) / static_cast<double>(settled - from));
      const double share = opening ? 1.0 : smoothstep(t);
      BeatGrid& grid = hops_[j].grid;
      grid.anchor_beat += share * (line(j) + whole - grid.anchor_beat);
      grid.confidence += static_cast<float>(share) * (confidence - grid.confidence);
    }
    for (std::size_t j = settled; j < hops_.size(); ++j) hops_[j].grid.anchor_beat += whole;
    for (std::size_t j = from; j < hops_.size(); ++j) hops_[j].grid.downbeat += whole;
    for (std::size_t j = from; j < settled; ++j) {
      hops_[j].grid.bpm = std::max(kMinBpm, (beat(j + 1) - beat(j)) / hop_s_ * 60.0);
    }
  }

  // A bar that is found is that of the beats before, back to the last one that was known or to another tempo.
  void know_bars() {
    for (std::size_t i = hops_.size() - 1; i > 0; --i) {
      const BeatGrid& next = hops_[i].grid;
      BeatGrid& grid = hops_[i - 1].grid;
      if (!bar_known(next) || bar_known(grid) || std::abs(grid.bpm / next.bpm - 1.0) > kOtherTempo) continue;
      grid.downbeat = next.downbeat;
      grid.beats_per_bar = next.beats_per_bar;
      grid.bar_confidence = next.bar_confidence;
    }
  }

  std::vector<AudioFrame>& hops_;
  const double hop_s_;
};

}  // namespace

void use_hindsight(std::vector<AudioFrame>& hops) {
  if (hops.size() >= 2) Hindsight(hops).correct();
}

std::vector<AudioFrame> analyse_whole(std::span<const float> mono, int rate_hz) {
  std::vector<AudioFrame> hops = analyse(mono, rate_hz);
  use_hindsight(hops);
  return hops;
}

}  // namespace ombra::audio
