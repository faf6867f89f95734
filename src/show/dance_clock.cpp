#include "show/dance_clock.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::show {
namespace {

constexpr double kPullTime_s = 0.25;  // time constant with which a distance to the beat is made up
constexpr double kLongestStep_s = 0.5;

}  // namespace

model::Moment DanceClock::at(double time_s, const BeatGrid& grid, double speed) {
  if (!std::isfinite(time_s) || !std::isfinite(grid.bpm) || !std::isfinite(grid.beat_at(time_s))) return moment_;
  const double music_beat = grid.beat_at(time_s);
  if (!started_) {
    started_ = true;
    offset_beats_ = 0.0;
    moment_ = {time_s, speed * music_beat};
    time_s_ = time_s, speed_ = speed;
    return moment_;
  }
  const double step_s = std::clamp(time_s - time_s_, 0.0, kLongestStep_s);
  time_s_ = std::max(time_s_, time_s);
  const double step_beats = step_s * std::clamp(grid.bpm, 20.0, 400.0) / 60.0 * speed;

  // In half time every half dance beat is a beat of the music, so the offset may sit on halves; else on whole beats.
  const double raster = speed < 1.0 ? 0.5 : 1.0;
  double behind = speed * music_beat + offset_beats_ - (moment_.beat + step_beats);
  const bool other_speed = speed != speed_;
  if (other_speed || std::abs(behind) > 0.5 * raster + 1e-9) {
    const double shift = other_speed ? behind - offset_beats_ : behind;
    const double offset =
        other_speed ? -std::round(shift / raster) * raster : offset_beats_ - std::round(behind / raster) * raster;
    behind += offset - offset_beats_;
    offset_beats_ = offset;
    speed_ = speed;
  }
  const double pull = behind * (1.0 - std::exp(-step_s / kPullTime_s));
  moment_.beat += std::clamp(step_beats + pull, 0.3 * step_beats, 2.0 * step_beats);
  moment_.time_s += step_s * speed;
  return moment_;
}

}  // namespace ombra::show
