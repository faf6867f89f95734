#include "show/dance/dance_clock.hpp"

#include "core/arithmetic.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::show {
namespace {

constexpr double kPullBeats = 0.35;  // time constant with which a distance to the beat is made up
constexpr double kBendS = 0.06;      // and the one with which the rate of the dance follows
constexpr double kLongestStepS = 0.5;
constexpr double kSlowest = 0.3, kFastest = 2.0;     // of the music's tempo, while something is made up
constexpr double kPhraseBeats = 8.0;                 // of the dance
constexpr double kDoubted = 0.35, kBelieved = 0.55;  // confidence up to which no beat is claimed, and from which it is
constexpr double kClaimS = 0.8;
constexpr double kMiddleBpm = 110.0, kLowBpm = 77.0, kHighBpm = 158.0;

double claim_of(const BeatGrid& grid) {
  return smoothstep(std::clamp((grid.confidence - kDoubted) / (kBelieved - kDoubted), 0.0, 1.0));
}

}  // namespace

double SpeedChoice::choose(double bpm) {
  if (!(bpm > 0.0) || (speed_ * bpm >= kLowBpm && speed_ * bpm <= kHighBpm)) return speed_;
  const auto away = [bpm](double speed) { return std::abs(std::log2(speed * bpm / kMiddleBpm)); };
  speed_ = 1.0;
  for (const double speed : {0.5, 2.0}) {
    if (away(speed) < away(speed_)) speed_ = speed;
  }
  return speed_;
}

model::Timestamp DanceClock::at(double time_s, const BeatGrid& grid, double speed) {
  if (!std::isfinite(time_s) || !std::isfinite(grid.bpm) || !std::isfinite(grid.beat_at(time_s))) return timestamp_;
  if (speed <= 0.0) speed = choice_.choose(grid.bpm);
  const double music_beat = grid.beat_at(time_s), tempo = std::clamp(grid.bpm, 20.0, 400.0) / 60.0 * speed;
  if (!started_) {
    started_ = true;
    offset_beats_ = 0.0;
    timestamp_ = {time_s, speed * music_beat, std::round(speed * grid.downbeat)};
    time_s_ = time_s, speed_ = speed, rate_ = tempo;
    claimed_ = claim_of(grid);
    return timestamp_;
  }
  const double step_s = std::clamp(time_s - time_s_, 0.0, kLongestStepS);
  time_s_ = std::max(time_s_, time_s);
  claimed_ += (claim_of(grid) - claimed_) * (1.0 - std::exp(-step_s / kClaimS));

  // In half time every half dance beat is a beat of the music, so the offset may sit on halves; else on whole beats.
  const double raster = speed < 1.0 ? 0.5 : 1.0;
  double behind = speed * music_beat + offset_beats_ - (timestamp_.beat + step_s * tempo);
  const bool other_speed = speed != speed_;
  if (other_speed || std::abs(behind) > 0.5 * raster + 1e-9) {
    const double shift = other_speed ? behind - offset_beats_ : behind;
    const double offset =
        other_speed ? -std::round(shift / raster) * raster : offset_beats_ - std::round(behind / raster) * raster;
    behind += offset - offset_beats_;
    offset_beats_ = offset;
    speed_ = speed;
  }
  const double wanted = std::clamp(tempo * (1.0 + claimed_ * behind / kPullBeats), kSlowest * tempo, kFastest * tempo);
  // the mean rate over the step, which follows the wanted one exponentially
  const double left = std::exp(-step_s / kBendS), before = rate_ - wanted;
  rate_ = wanted + before * left;
  timestamp_.beat += wanted * step_s + before * kBendS * (1.0 - left);
  timestamp_.time_s += step_s * speed;
  keep_bar(grid, speed);
  return timestamp_;
}

// The tracker may name any of its downbeats; the dance moves its own only when bars begin elsewhere, and no farther
// than it must, so that phrases of several bars go on.
void DanceClock::keep_bar(const BeatGrid& grid, double speed) {
  const double bar = std::max(1.0, grid.beats_per_bar * speed);
  const double off = speed * grid.downbeat + offset_beats_ - timestamp_.bar;
  if (std::isfinite(off)) timestamp_.bar += std::round(off - std::round(off / bar) * bar);
  // Bars that do not fill a phrase, as those of a waltz: one begins with every other bar all the same, known a beat
  // before it, when its first move is chosen.
  double phrase = bar;
  while (2.0 * phrase <= kPhraseBeats) phrase *= 2.0;
  const double due = std::floor((timestamp_.beat + 1.0 - timestamp_.bar) / phrase);
  if (phrase < kPhraseBeats && std::isfinite(due) && due > 0.0) timestamp_.bar += std::round(due * phrase);
}

}  // namespace ombra::show
