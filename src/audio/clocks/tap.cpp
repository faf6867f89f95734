#include "audio/clocks/tap.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kBounceS = 0.15;
constexpr double kOddBeats = 0.3;  // so far from a whole number of beats: the hand has changed its mind

}  // namespace

double TapTempo::median_interval() const {
  std::array<double, kMax> intervals{};
  const std::size_t n = taps_ - 1;
  for (std::size_t i = 0; i < n; ++i) intervals[i] = (time_s_[i + 1] - time_s_[i]) / (beat_[i + 1] - beat_[i]);
  const auto middle = intervals.begin() + static_cast<std::ptrdiff_t>(n / 2);
  std::nth_element(intervals.begin(), middle, intervals.begin() + static_cast<std::ptrdiff_t>(n));
  return *middle;
}

void TapTempo::tap(double time_s) {
  if (!std::isfinite(time_s)) return;
  const double since_s = taps_ > 0 ? time_s - time_s_[taps_ - 1] : 0.0;
  if (taps_ > 0 && since_s >= 0.0 && since_s < kBounceS) return;
  if (since_s < 0.0 || since_s > kForgetS) taps_ = 0;
  double beats = 1.0;
  if (taps_ >= 2) {
    const double ratio = since_s / median_interval();
    beats = std::max(1.0, std::round(ratio));
    if (std::abs(ratio - beats) > kOddBeats) {
      time_s_[0] = time_s_[taps_ - 1];
      beat_[0] = 0.0;
      taps_ = 1;
      beats = 1.0;
    }
  }
  if (taps_ == kMax) {
    std::copy(time_s_.begin() + 1, time_s_.end(), time_s_.begin());
    std::copy(beat_.begin() + 1, beat_.end(), beat_.begin());
    --taps_;
  }
  time_s_[taps_] = time_s;
  beat_[taps_] = taps_ > 0 ? beat_[taps_ - 1] + beats : 0.0;
  ++taps_;
  bpm_ = 0.0, beat_s_ = time_s;
  if (taps_ < 2) return;

  // time = mean time + slope * (beat - mean beat)
  double mean_s = 0.0, mean_beat = 0.0;
  for (std::size_t i = 0; i < taps_; ++i) mean_s += time_s_[i], mean_beat += beat_[i];
  mean_s /= static_cast<double>(taps_), mean_beat /= static_cast<double>(taps_);
  double cross = 0.0, square = 0.0;
  for (std::size_t i = 0; i < taps_; ++i) {
    cross += (beat_[i] - mean_beat) * (time_s_[i] - mean_s);
    square += (beat_[i] - mean_beat) * (beat_[i] - mean_beat);
  }
  const double slope = cross / square;
  bpm_ = 60.0 / slope;
  beat_s_ = mean_s + slope * (beat_[taps_ - 1] - mean_beat);
}

}  // namespace ombra::audio
