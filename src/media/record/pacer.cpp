#include "media/record/pacer.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::media {
namespace {

constexpr double kFull = 0.5, kEmpty = 0.2;  // of the queue: thin out, and try more again
constexpr double kCalmS = 2.0;               // so long nearly empty before more is tried
constexpr double kSettleS = 0.3;             // a change takes so long to be seen in the queue
// In periods: a picture is taken where it is no more than kNear earlier in its period than the one before it was. So a
// show at twice the rate gives every second picture, whichever moment of it the grid began at; within these bounds.
constexpr double kNear = 0.25, kEarliest = -0.5, kLatestStart = -0.25;

}  // namespace

std::optional<double> Pacer::due(double time_s) {
  if (!started_) {
    started_ = true;
    start_s_ = changed_s_ = filled_s_ = time_s;
  }
  const double at = (time_s - start_s_) / period_s_, early = std::clamp(off_ - kNear, kEarliest, kLatestStart);
  const auto place = static_cast<std::int64_t>(std::floor(at - early + 1e-6));
  if (place <= place_) return std::nullopt;
  place_ = place;
  off_ = at - static_cast<double>(place);
  turn_ = (turn_ + 1) % stride_;
  if (turn_ == 0) return start_s_ + static_cast<double>(place) * period_s_;
  ++left_out_;
  return std::nullopt;
}

void Pacer::load(double time_s, double fullness) {
  if (fullness > kEmpty) filled_s_ = time_s;
  if (fullness >= kFull && stride_ < kMaxStride && time_s - changed_s_ >= kSettleS) {
    ++stride_;
    changed_s_ = time_s;
  } else if (stride_ > 1 && time_s - std::max(filled_s_, changed_s_) >= kCalmS) {
    --stride_;
    changed_s_ = time_s;
  }
}

}  // namespace ombra::media
