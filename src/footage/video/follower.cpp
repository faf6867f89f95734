#include "footage/video/follower.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ombra::train {

Follower::Follower(double fps, double middle, std::size_t memory_bytes,
                   std::function<void(const KeyedFrame&, double)> out)
    : sigma_frames_(kSigmaS * fps),
      ahead_(static_cast<std::size_t>(std::max(1.0, 2.5 * sigma_frames_))),
      memory_bytes_(memory_bytes),
      out_(std::move(out)),
      last_middle_(middle) {}

void Follower::push(KeyedFrame frame) {
  centres_.push_back(frame.centre ? static_cast<float>(*frame.centre) : std::numeric_limits<float>::quiet_NaN());
  waiting_bytes_ += frame.bytes();
  waiting_.push_back(std::move(frame));
  while (waiting_.size() > 1 && (waiting_.size() > ahead_ || waiting_bytes_ > memory_bytes_)) let_go();
}

void Follower::finish() {
  while (!waiting_.empty()) let_go();
}

double Follower::middle_at(std::size_t frame) const {
  // as far back as ahead: a window that is even keeps up with a dancer who walks
  const std::size_t reach = std::min({ahead_, frame, centres_.size() - 1 - frame});
  const std::size_t first = frame - reach, last = frame + reach;
  double sum = 0.0, weights = 0.0;
  for (std::size_t i = first; i <= last; ++i) {
    if (std::isnan(centres_[i])) continue;
    const double off = (static_cast<double>(i) - static_cast<double>(frame)) / sigma_frames_;
    const double weight = std::exp(-0.5 * off * off);
    sum += weight * centres_[i];
    weights += weight;
  }
  return weights > 0.0 ? sum / weights : std::numeric_limits<double>::quiet_NaN();
}

void Follower::let_go() {
  const double middle = middle_at(out_count_++);
  if (!std::isnan(middle)) last_middle_ = middle;
  const KeyedFrame& frame = waiting_.front();
  out_(frame, last_middle_);
  waiting_bytes_ -= frame.bytes();
  waiting_.pop_front();
}

}  // namespace ombra::train
