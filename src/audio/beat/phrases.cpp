#include "audio/beat/phrases.hpp"

#include "core/arithmetic.hpp"
#include "core/bar.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kForgetBars = 24.0;                   // half-life of what was said
constexpr double kMostNew = 3.0;                       // one bar says no more, in deviations
constexpr double kSharpness = 0.35;                    // of the probabilities, by deviations
constexpr double kClaimEight = 0.7, kClaimFour = 0.5;  // probabilities from which a phrase is claimed
constexpr int kFewBars = 6;                            // before that nothing is
constexpr double kMeanBars = 12.0;

}  // namespace

// What is new with the beat that ended last, the first of its bar: harder and brighter than the first beats of the bars
// before, after a beat fuller than those bars' last ones, in another texture than the bar before.
double Phrases::novelty(const BeatSums& beats, std::size_t per_bar) const {
  double first_treble = 0.0, first_hit = 0.0, last_flux = 0.0, last_onsets = 0.0, n = 0.0;
  for (std::size_t ago = per_bar; ago + 1 < beats.count() && n < 4.0; ago += per_bar) {
    first_treble += beats.at(ago).treble, first_hit += beats.at(ago).flux;
    last_flux += beats.at(ago + 1).flux, last_onsets += beats.at(ago + 1).onsets;
    n += 1.0;
  }
  const BeatSum &first = beats.at(0), &last = beats.at(1);
  const auto against = [n](double now, double sum) { return std::log((now + 0.02) / (sum / n + 0.02)); };
  return against(first.treble, first_treble) + against(first.flux, first_hit) + against(last.flux, last_flux) +
         0.5 * std::log((last.onsets + 1.0) / (last_onsets / n + 1.0)) +
         std::abs(against(first.bass, beats.at(per_bar).bass * n));
}

void Phrases::begin_bar(const BeatSums& beats, std::int64_t bar, std::size_t per_bar) {
  if (beats.count() < 2 * per_bar + 2) return;
  const double value = novelty(beats, per_bar);
  const double share = 1.0 / std::min<double>(++bars_, kMeanBars);
  const double off = value - mean_;
  mean_ += share * off;
  spread_ += share * (std::abs(off) - spread_);
  const double keep = std::exp2(-1.0 / kForgetBars);
  for (double& said : said_) said *= keep;
  said_[static_cast<std::size_t>(floor_mod(bar, static_cast<std::int64_t>(kBars)))] +=
      std::clamp(off / std::max(spread_, 0.05), -kMostNew, kMostNew);
}

void Phrases::decide(const BeatGrid& grid) {
  phrase_bars_ = 0;
  confidence_ = 0.0f;
  if (bars_ < kFewBars) return;
  for (const std::size_t length : {kBars, kBars / 2}) {
    std::array<double, kBars> sums{};
    for (std::size_t k = 0; k < kBars; ++k) sums[k % length] += said_[k];
    double all = 0.0;
    for (std::size_t k = 0; k < length; ++k) all += std::exp(kSharpness * sums[k]);
    const auto best = static_cast<std::size_t>(
        std::max_element(sums.begin(), sums.begin() + static_cast<std::ptrdiff_t>(length)) - sums.begin());
    const double p = std::exp(kSharpness * sums[best]) / all;
    if (p < (length == kBars ? kClaimEight : kClaimFour)) continue;
    phrase_bars_ = static_cast<int>(length);
    confidence_ = static_cast<float>(p);
    phrase_ = grid.downbeat + static_cast<double>(best) * grid.beats_per_bar;
    return;
  }
}

void Phrases::push(const BeatSums& beats, bool ended, AudioFrame& frame) {
  const BeatGrid& grid = frame.grid;
  const bool known = bar_known(grid);
  if (!known || grid.beats_per_bar != per_bar_ || grid.downbeat != downbeat_) {  // other bars
    said_ = {};
    bars_ = phrase_bars_ = 0;
    confidence_ = 0.0f;
    per_bar_ = grid.beats_per_bar;
    downbeat_ = grid.downbeat;
  }
  if (known && ended) {
    const double place = grid.place_in_bar(static_cast<double>(beats.number()));
    if (place < 0.5 || place > per_bar_ - 0.5) {
      begin_bar(beats, std::llround((static_cast<double>(beats.number()) - grid.downbeat) / per_bar_),
                static_cast<std::size_t>(per_bar_));
      decide(grid);
    }
  }
  frame.form.phrase = phrase_;
  frame.form.phrase_bars = phrase_bars_;
  frame.form.phrase_confidence = confidence_;
}

}  // namespace ombra::audio
