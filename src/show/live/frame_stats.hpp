#pragma once
// How evenly the picture runs: frames a second, percentiles of the last ten seconds, refreshes that showed nothing new;
// and what drawing costs, part by part. Thread: render only.

#include "gfx/gpu_timer.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace ombra::show {

// The last lengths of time, in ms.
class Times {
 public:
  static constexpr int kHistory = 600;
  void add(double ms);
  int known() const { return count_ < kHistory ? static_cast<int>(count_) : kHistory; }
  std::uint64_t count() const { return count_; }
  // oldest first from index first()
  const std::array<float, kHistory>& history_ms() const { return history_ms_; }
  int first() const { return count_ < kHistory ? 0 : static_cast<int>(count_ % kHistory); }
  // i: 0 the newest, < known()
  double back(int i) const {
    return history_ms_[static_cast<std::size_t>((count_ - 1 - static_cast<std::uint64_t>(i)) % kHistory)];
  }
  // share 0..1 of what is known now is no longer than this; 0 when nothing is
  double percentile(double share) const;

 private:
  std::array<float, kHistory> history_ms_{};
  std::uint64_t count_ = 0;
};

class FrameStats {
 public:
  // once a frame; refresh_s: what a frame should take
  void add(double step_s, double refresh_s);

  double fps() const { return fps_; }
  double p50_ms() const { return p50_ms_; }
  double p95_ms() const { return p95_ms_; }
  double p99_ms() const { return p99_ms_; }
  double mean_s() const { return mean_s_; }  // smoothed length of a frame
  std::uint64_t frames() const { return times_.count(); }
  std::uint64_t dropped() const { return dropped_; }  // refreshes at which a new picture was due and did not come
  const Times& times() const { return times_; }
  // Percentiles over what is known now (add() refreshes them twice a second).
  void refresh();

 private:
  Times times_;
  std::uint64_t dropped_ = 0;
  double fps_ = 0.0, p50_ms_ = 0.0, p95_ms_ = 0.0, p99_ms_ = 0.0, mean_s_ = 1.0 / 60.0, since_refresh_s_ = 0.0;
};

// What the GPU takes for a picture.
class DrawCost {
 public:
  // once a frame: takes the frame that the timer knows since the last call, if there is one
  // -> whether there was
  bool add(const gfx::GpuTimer& timer);
  // parts, each smoothed over about a quarter of a second, in the order in which they are drawn
  const std::vector<gfx::GpuTimer::Part>& parts() const { return parts_; }
  const Times& times() const { return times_; }  // of whole pictures

 private:
  std::uint64_t frames_ = 0;
  std::vector<gfx::GpuTimer::Part> parts_;
  Times times_;
};

}  // namespace ombra::show
