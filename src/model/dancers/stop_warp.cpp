#include "model/dancers/stop_warp.hpp"

#include "core/arithmetic.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace ombra::model {
namespace {

constexpr double kSteepest = 0.55;         // of natural speed: the most that bending adds to or takes from it
constexpr double kDepth = 0.85;            // a stop is slower than this share of the mean speed around it
constexpr std::size_t kBeatsKept = 32;     // beats
constexpr double kSteepestOfSmooth = 1.5;  // the largest slope of 3 t^2 - 2 t^3

// Steps of the track around a tick: speed[i] is from tick first + i - 1 to first + i.
std::vector<double> speeds(const LatentTrack& track, std::int64_t first, std::int64_t last, const SeenJoints* seen) {
  std::vector<double> speed;
  std::vector<float> before, now;
  for (std::int64_t i = first - 1; i <= last; ++i) {
    const auto code = track.at(i);
    now.assign(seen ? seen->size(code.size()) : code.size(), 0.0f);
    if (seen) {
      seen->see(code, now);
    } else {
      std::ranges::copy(code, now.begin());
    }
    double square = 0.0;
    for (std::size_t n = 0; n < before.size(); ++n)
      square += static_cast<double>((now[n] - before[n]) * (now[n] - before[n]));
    if (i >= first) speed.push_back(std::sqrt(square));
    std::swap(before, now);
  }
  return speed;
}

// -> ticks from `at` to the nearest stop within `reach`, or 0. A stop is a dip of the smoothed speed that is clearly
// slower than the beat around it: of a dance that is still being made there is no more to compare it with, as there is
// in footage/motion/pulse.hpp.
double stop_near(const LatentTrack& track, std::int64_t at, std::int64_t reach, const SeenJoints* seen) {
  const std::int64_t margin = 3, first = at - reach - margin;
  const std::vector<double> raw = speeds(track, first, at + reach + margin, seen);
  std::vector<double> smooth(raw.size());
  double mean = 0.0;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const double before = raw[i > 0 ? i - 1 : i], after = raw[std::min(i + 1, raw.size() - 1)];
    smooth[i] = 0.5 * raw[i] + 0.25 * (before + after);
    mean += raw[i] / static_cast<double>(raw.size());
  }
  double best = 0.0, nearest = static_cast<double>(reach) + 0.5;
  for (std::size_t i = 2; i + 2 < smooth.size(); ++i) {
    if (smooth[i] > kDepth * mean || !is_dip(smooth, i)) continue;
    // between its neighbours by a parabola; speed i belongs to the middle of its step
    const double bend = smooth[i - 1] - 2.0 * smooth[i] + smooth[i + 1];
    const double part = bend > 0.0 ? std::clamp(0.5 * (smooth[i - 1] - smooth[i + 1]) / bend, -0.5, 0.5) : 0.0;
    const double off = static_cast<double>(first - at) + static_cast<double>(i) - 0.5 + part;
    if (std::abs(off) < nearest) nearest = std::abs(off), best = off;
  }
  return best;
}

}  // namespace

StopWarp::StopWarp(int ticks_per_beat, const SeenJoints* seen) : per_beat_(ticks_per_beat), seen_(seen) {}

int StopWarp::reach() const {
  // at the beginning of the bend to a beat, its stop and three ticks after it must be known
  return static_cast<int>(std::ceil((kBending + kLongest) * per_beat_)) + 4;
}

void StopWarp::clear() { shifts_.clear(); }

void StopWarp::cut(std::int64_t tick) {
  while (!shifts_.empty() && (first_ + static_cast<std::int64_t>(shifts_.size()) - 1) * per_beat_ > tick)
    shifts_.pop_back();
}

void StopWarp::find_stops(const LatentTrack& track) {
  const auto longest = static_cast<std::int64_t>(std::llround(kLongest * per_beat_));
  const double most = kSteepest * kBending * per_beat_ / kSteepestOfSmooth;  // between two neighbouring shifts
  if (shifts_.empty()) first_ = track.begin() / per_beat_ + 1;
  while (true) {
    const std::int64_t beat = first_ + static_cast<std::int64_t>(shifts_.size()), at = beat * per_beat_;
    if (at + longest + 4 > track.end()) return;
    const bool known = at - longest - 4 >= track.begin();
    const double wanted = known ? stop_near(track, at, longest, seen_) : 0.0,
                 last = shifts_.empty() ? 0.0 : shifts_.back();
    shifts_.push_back(std::clamp(wanted, last - most, last + most));
    if (shifts_.size() > kBeatsKept) shifts_.pop_front(), ++first_;
  }
}

double StopWarp::shift_of(std::int64_t beat) const {
  if (shifts_.empty()) return 0.0;
  const std::int64_t i = std::clamp<std::int64_t>(beat - first_, 0, static_cast<std::int64_t>(shifts_.size()) - 1);
  return shifts_[static_cast<std::size_t>(i)];
}

double StopWarp::shown(double tick, double tightness) const {
  const double beats = tick / per_beat_, last = std::floor(beats);
  const auto beat = static_cast<std::int64_t>(last);
  const double t = std::clamp((beats - last - (1.0 - kBending)) / kBending, 0.0, 1.0), smooth = smoothstep(t);
  const double from = shift_of(beat), to = shift_of(beat + 1);
  return tick + std::clamp(tightness, 0.0, 1.0) * (from + smooth * (to - from));
}

}  // namespace ombra::model
