#include "show/live/governor.hpp"

#include "core/quantile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace ombra::show {
namespace {

constexpr std::array<double, 6> kScales = {1.0, 0.85, 0.7, 0.6, 0.5, Governor::kMinScale};
constexpr double kMeasureS = 1.0, kSettleS = 0.4;
constexpr std::size_t kMinFrames = 5, kMaxFrames = 1000;
constexpr double kLate = 1.2;     // a frame is late when it took so much longer than it was due
constexpr double kWork = 0.4;     // work that fills less than this share of the time is not what makes it late
constexpr double kDrawing = 0.6;  // from this share of the time on, drawing is what makes it late
constexpr double kAim = 0.8;      // going down: drawing may take so much of the time at most,
constexpr double kRoom = 0.65;    // going up: so much
constexpr double kFastEnoughS = 1.0 / 75.0, kSlowestS = 1.0 / 14.0;  // from picture to picture
constexpr double kOtherDisplay = 0.1;
constexpr double kMistakeS = 10.0;  // having to go down so soon after going up lengthens the wait before the next
constexpr double kMinGoodS = 3.0, kMaxGoodS = 120.0;

// What drawing will take at another scale, supposing that all of it is pixels.
double predicted(double draw_s, double from, double to) { return draw_s * (to / from) * (to / from); }

}  // namespace

void Governor::set(bool on, double most, double least) {
  most = std::clamp(most, kMinScale, 1.0), least = std::clamp(least, kMinScale, most);
  if (on == on_ && most == most_ && least == least_) return;
  const bool was_at_most = scale_ >= most_;
  on_ = on, most_ = most, least_ = least;
  if (!on_) refreshes_ = 1;
  scale_ = !on_ || was_at_most ? most_ : std::clamp(scale_, least_, most_);
  frames_.clear();
  seconds_ = good_s_ = 0.0, needed_good_s_ = kMinGoodS, settle_s_ = kSettleS;
}

bool Governor::frame(const FrameTimes& times, double refresh_s) {
  since_up_s_ += times.step_s;
  if (!on_) return false;
  const double was_s = std::exchange(refresh_s_, refresh_s);
  // on another display the rhythm that had to be held is as fast as it was here
  if (refreshes_ > 1 && std::abs(refresh_s / was_s - 1.0) > kOtherDisplay) {
    needed_good_s_ = kMinGoodS;
    return change(scale_, std::max(1, static_cast<int>(std::lround(refreshes_ * was_s / refresh_s))), false);
  }
  if (settle_s_ > 0.0) {
    settle_s_ -= times.step_s;
    return false;
  }
  frames_.push_back(times);
  seconds_ += times.step_s;
  if (frames_.size() < kMinFrames || (seconds_ < kMeasureS && frames_.size() < kMaxFrames)) return false;
  const Window w = measure();
  const double due_s = refreshes_ * refresh_s, took_s = seconds_;
  frames_.clear();
  seconds_ = 0.0;
  if (w.step_p95_s > kLate * due_s) {
    good_s_ = 0.0;
    return lower(w, refresh_s);
  }
  looks_late_ = 0;
  good_s_ += took_s;
  if (since_up_s_ > 3.0 * kMistakeS) needed_good_s_ = std::max(kMinGoodS, needed_good_s_ - 0.1 * took_s);
  return good_s_ >= needed_good_s_ && raise(w, refresh_s);
}

Governor::Window Governor::measure() const {
  std::vector<double> step, busy, draw;
  for (const FrameTimes& f : frames_) {
    step.push_back(f.step_s), busy.push_back(f.busy_s), draw.push_back(f.draw_s);
  }
  return {quantile(step, 0.95), quantile(step, 0.5), quantile(busy, 0.5), quantile(draw, 0.5)};
}

// Late: the highest scale at which drawing leaves room; where there is none, another refresh for each picture.
bool Governor::lower(const Window& w, double refresh_s) {
  const double due_s = refreshes_ * refresh_s;
  // A hidden window, or a dark display, is shown rarely whatever is done here.
  if (std::max(w.busy_p50_s, w.draw_p50_s) < kWork * std::max(due_s, w.step_p50_s)) {
    looks_late_ = 0;
    return false;
  }
  if (due_s < kFastEnoughS) return change(scale_, refreshes_ + 1, false);
  if (w.draw_p50_s >= kDrawing * due_s && scale_ > least_) {
    double to = least_;
    for (const double s : kScales) {
      if (s < scale_ && s >= least_ && predicted(w.draw_p50_s, scale_, s) <= kAim * due_s) {
        to = s;
        break;
      }
    }
    return change(to, refreshes_, false);
  }
  // Half of all frames late, for two looks, is no hiccup but another rhythm, which had better be an even one.
  looks_late_ = w.step_p50_s > kLate * due_s ? looks_late_ + 1 : 0;
  if (looks_late_ < 2 || (refreshes_ + 1) * refresh_s > kSlowestS) return false;
  return change(scale_, refreshes_ + 1, false);
}

// On time for long: the faster rhythm first, with as many pixels as it has room for, then one step of the scale.
bool Governor::raise(const Window& w, double refresh_s) {
  const double faster_s = (refreshes_ - 1) * refresh_s;
  if (refreshes_ > 1 && w.busy_p50_s <= kRoom * faster_s) {
    for (const double s : kScales) {
      const double to =
          faster_s < kFastEnoughS ? scale_ : std::clamp(s, least_, scale_);  // no pixels for more than is needed
      if (predicted(w.draw_p50_s, scale_, to) <= kRoom * faster_s) return change(to, refreshes_ - 1, true);
    }
  }
  const auto above = std::find_if(kScales.rbegin(), kScales.rend(), [this](double s) { return s > scale_; });
  const double to = std::min(above == kScales.rend() ? most_ : *above, most_);
  if (to <= scale_ || predicted(w.draw_p50_s, scale_, to) > kRoom * refreshes_ * refresh_s) return false;
  return change(to, refreshes_, true);
}

std::string Governor::message() const {
  if (!holding()) return "";
  const std::string pixels = scale_ < most_ ? fmt::format(" at {:.0f} %", 100.0 * scale_) : "";
  const std::string pace = refreshes_ > 1 ? fmt::format(" every {} refreshes", refreshes_) : "";
  return fmt::format("Picture{}{} to keep the frame rate", pixels, pace);
}

bool Governor::change(double scale, int refreshes, bool up) {
  if (up) {
    since_up_s_ = 0.0;
  } else if (since_up_s_ < kMistakeS) {
    needed_good_s_ = std::min(2.0 * needed_good_s_, kMaxGoodS);
  }
  scale_ = scale, refreshes_ = refreshes;
  settle_s_ = kSettleS, good_s_ = 0.0, looks_late_ = 0;
  return true;
}

}  // namespace ombra::show
