#include "media/pacer.hpp"

#include <algorithm>

namespace ombra::media {
namespace {

constexpr double kFull = 0.5, kEmpty = 0.2;  // of the queue: thin out, and try more again
constexpr double kCalmS = 2.0;               // so long nearly empty before more is tried
constexpr double kSettleS = 0.3;             // a change takes so long to be seen in the queue
constexpr double kEarly = 0.25;              // of a period: a picture so much early is taken, its time is true anyway

}  // namespace

bool Pacer::due(double time_s) {
  if (!started_) {
    started_ = true;
    next_s_ = changed_s_ = crowded_s_ = time_s;
  }
  if (time_s < next_s_ - kEarly * period_s_) return false;
  // the grid of times stays as long as the show keeps up with it
  next_s_ = std::max(next_s_ + period_s_, time_s + kEarly * period_s_);
  turn_ = (turn_ + 1) % stride_;
  if (turn_ != 0) ++left_out_;
  return turn_ == 0;
}

void Pacer::load(double time_s, double fullness) {
  if (fullness > kEmpty) crowded_s_ = time_s;
  if (fullness >= kFull && stride_ < kMostStride && time_s - changed_s_ >= kSettleS) {
    ++stride_;
    changed_s_ = time_s;
  } else if (stride_ > 1 && time_s - std::max(crowded_s_, changed_s_) >= kCalmS) {
    --stride_;
    changed_s_ = time_s;
  }
}

}  // namespace ombra::media
