#include "train/even_frames.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ombra::train {

EvenFrames::EvenFrames(const std::filesystem::path& path, const media::ReadVideoOptions& options, double start_s,
                       double end_s, double fps)
    : start_s_(start_s), end_s_(end_s), fps_(fps), reader_(path, options) {
  if (start_s > 0.0) reader_.seek(start_s);
  has_waiting_ = read();
}

bool EvenFrames::read() {
  while (reader_.next(waiting_)) {
    if (waiting_.time_s < start_s_ - 1e-6) continue;
    return end_s_ <= 0.0 || waiting_.time_s < end_s_ - 1e-6;
  }
  return false;
}

int EvenFrames::next(media::VideoFrame& frame) {
  while (has_waiting_) {
    std::swap(frame, waiting_);
    const double time = frame.time_s;
    has_waiting_ = read();
    const double usual = info().fps > 0.0 ? 1.0 / info().fps : 1.0 / fps_;
    double until = time + 0.5 * usual;  // it is the nearest up to there
    if (has_waiting_) until = 0.5 * (time + waiting_.time_s);
    const double lost = has_waiting_ ? std::max(0.0, waiting_.time_s - time - kLongestS) : 0.0;
    until -= 0.5 * lost + start_s_ + lost_s_;
    lost_s_ += lost;
    // a moment exactly between two frames belongs to the later one
    const auto moments = static_cast<std::int64_t>(std::ceil(until * fps_ - 1e-6)) - moment_;
    if (moments <= 0) continue;
    moment_ += moments;
    return static_cast<int>(moments);
  }
  return 0;
}

}  // namespace ombra::train
