#pragma once
// How evenly the picture runs: frames a second, median and 99th percentile of the last ten seconds, late frames.
// Thread: render only.

#include <array>
#include <cstdint>

namespace ombra::show {

class FrameStats {
 public:
  // once a frame; refresh_s: what a frame should take
  void add(double step_s, double refresh_s);

  double fps() const { return fps_; }
  double p50_ms() const { return p50_ms_; }
  double p99_ms() const { return p99_ms_; }
  double mean_s() const { return mean_s_; }  // smoothed length of a frame
  std::uint64_t frames() const { return frames_; }
  std::uint64_t dropped() const { return dropped_; }  // frames longer than one and a half refreshes
  // the last frames in ms, oldest first from index first()
  static constexpr int kHistory = 600;
  const std::array<float, kHistory>& history_ms() const { return history_ms_; }
  int first() const { return static_cast<int>(frames_ % kHistory); }
  int known() const { return frames_ < kHistory ? static_cast<int>(frames_) : kHistory; }
  // Percentiles over what is known now (add() refreshes them twice a second).
  void refresh();

 private:
  std::array<float, kHistory> history_ms_{};
  std::uint64_t frames_ = 0, dropped_ = 0;
  double fps_ = 0.0, p50_ms_ = 0.0, p99_ms_ = 0.0, mean_s_ = 1.0 / 60.0, since_refresh_s_ = 0.0;
};

}  // namespace ombra::show
