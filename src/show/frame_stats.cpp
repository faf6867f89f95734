#include "show/frame_stats.hpp"

#include <algorithm>

namespace ombra::show {

void FrameStats::add(double step_s, double refresh_s) {
  history_ms_[static_cast<std::size_t>(frames_ % kHistory)] = static_cast<float>(1000.0 * step_s);
  if (++frames_ > 1 && step_s > 1.5 * refresh_s) ++dropped_;
  mean_s_ += 0.1 * (std::clamp(step_s, 0.001, 0.25) - mean_s_);
  since_refresh_s_ += step_s;
  if (since_refresh_s_ >= 0.5) refresh();
}

void FrameStats::refresh() {
  since_refresh_s_ = 0.0;
  const int n = known();
  if (n == 0) return;
  std::array<float, kHistory> sorted = history_ms_;
  std::sort(sorted.begin(), sorted.begin() + n);
  p50_ms_ = sorted[static_cast<std::size_t>(n / 2)];
  p99_ms_ = sorted[static_cast<std::size_t>(std::min(n - 1, n * 99 / 100))];
  double total_ms = 0.0;
  int counted = 0;
  while (counted < n && total_ms < 1000.0) {  // over the last second
    ++counted;
    total_ms += history_ms_[static_cast<std::size_t>((frames_ - static_cast<std::uint64_t>(counted)) % kHistory)];
  }
  fps_ = total_ms > 0.0 ? 1000.0 * counted / total_ms : 0.0;
}

}  // namespace ombra::show
