#include "footage/video/even_frames.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ombra::train {

EvenFrames::EvenFrames(const std::filesystem::path& path, const media::ReadVideoOptions& options, double start_s,
                       double end_s, double fps)
    : start_s_(start_s), end_s_(end_s), fps_(fps), reader_(path, options) {
  if (start_s > 0.0) reader_.seek(start_s);
  start();
}

// To the frame that is shown at the start.
void EvenFrames::start() {
  bool has_before = false;
  while ((has_waiting_ = reader_.next(waiting_)) && waiting_.time_s < start_s_ - 1e-6) {
    std::swap(waiting_, behind_);
    has_before = true;
  }
  if (!has_waiting_) return;
  beyond_ = end_s_ > 0.0 && waiting_.time_s >= end_s_ - 1e-6;
  if (!has_before || waiting_.time_s <= start_s_ + kFreeS) {
    has_waiting_ = !beyond_;
    return;
  }
  std::swap(waiting_, behind_);
  waiting_.time_s = start_s_;
  has_behind_ = !beyond_;
}

bool EvenFrames::read() {
  if (has_behind_) {
    std::swap(waiting_, behind_);
    has_behind_ = false;
    return true;
  }
  if (beyond_ || !reader_.next(waiting_)) return false;
  beyond_ = end_s_ > 0.0 && waiting_.time_s >= end_s_ - 1e-6;
  return !beyond_;
}

// Until the next frame comes, or the end; the last one for as long as it says.
double EvenFrames::shown_s(const media::VideoFrame& frame) const {
  if (has_waiting_) return waiting_.time_s - frame.time_s;
  if (beyond_) return end_s_ - frame.time_s;
  const double usual = info().fps > 0.0 ? 1.0 / info().fps : 1.0 / fps_;
  const double told = frame.duration_s > 0.0 ? frame.duration_s : usual;
  return end_s_ > 0.0 ? std::min(told, end_s_ - frame.time_s) : told;
}

// -> how long a frame is shown here that the video shows for shown_s
double EvenFrames::held_s(double time_s, double shown_s) {
  if (shown_s > kPauseS) {
    ++pauses_.count;
    pauses_.seconds += shown_s;
  }
  const double held = std::min({shown_s, kLongestS, kFreeS + left_s_});
  left_s_ -= std::max(0.0, held - kFreeS);
  if (held < shown_s) pauses_.cuts.push_back({time_s - start_s_ + held, shown_s - held});
  return held;
}

int EvenFrames::next(media::VideoFrame& frame) {
  while (has_waiting_) {
    std::swap(frame, waiting_);
    has_waiting_ = read();
    const double shown = shown_s(frame), held = held_s(frame.time_s, shown);
    // Half a step earlier than it ends, so that stamps that are rounded (to milliseconds, in Matroska) still fall where
    // they belong; a moment exactly between two frames belongs to the later one.
    const double until = frame.time_s - start_s_ - lost_s_ + held - 0.5 * std::min(held, 1.0 / fps_);
    lost_s_ += shown - held;
    const auto frames = static_cast<std::int64_t>(std::ceil(until * fps_ - 1e-6)) - next_;
    if (frames <= 0) continue;
    next_ += frames;
    return static_cast<int>(frames);
  }
  return 0;
}

}  // namespace ombra::train
