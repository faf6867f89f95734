#include "show/live/frame_stats.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::show {

void Times::add(double ms) { history_ms_[static_cast<std::size_t>(count_++ % kHistory)] = static_cast<float>(ms); }

double Times::percentile(double share) const {
  const int n = known();
  if (n == 0) return 0.0;
  std::array<float, kHistory> sorted = history_ms_;
  const auto at = sorted.begin() + std::min(n - 1, static_cast<int>(n * share));
  std::nth_element(sorted.begin(), at, sorted.begin() + n);
  return *at;
}

void FrameStats::add(double step_s, double refresh_s) {
  times_.add(1000.0 * step_s);
  if (frames() > 1) dropped_ += static_cast<std::uint64_t>(std::max(0L, std::lround(step_s / refresh_s) - 1));
  mean_s_ += 0.1 * (std::clamp(step_s, 0.001, 0.25) - mean_s_);
  since_refresh_s_ += step_s;
  if (since_refresh_s_ >= 0.5) refresh();
}

void FrameStats::refresh() {
  since_refresh_s_ = 0.0;
  if (times_.known() == 0) return;
  p50_ms_ = times_.percentile(0.5);
  p95_ms_ = times_.percentile(0.95);
  p99_ms_ = times_.percentile(0.99);
  double total_ms = 0.0;
  int counted = 0;
  while (counted < times_.known() && total_ms < 1000.0) total_ms += times_.back(counted++);  // over the last second
  fps_ = total_ms > 0.0 ? 1000.0 * counted / total_ms : 0.0;
}

bool DrawCost::add(const gfx::GpuTimer& timer) {
  if (timer.frames() == frames_) return false;
  frames_ = timer.frames();
  times_.add(timer.total_ms());
  std::vector<gfx::GpuTimer::Part> parts = timer.parts();
  for (gfx::GpuTimer::Part& part : parts) {
    const auto before =
        std::find_if(parts_.begin(), parts_.end(), [&part](const auto& p) { return p.name == part.name; });
    if (before != parts_.end()) part.ms = before->ms + 0.1 * (part.ms - before->ms);
  }
  parts_ = std::move(parts);
  return true;
}

}  // namespace ombra::show
