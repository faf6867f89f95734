#pragma once
// How long the next request for a picture may take before nobody looks (the window is minimised, or the display stalls)
// and the dance goes on unseen: three times as long as requests have lately been apart, whatever display, governor and
// machine make of that.
// Thread: one owner (the dance thread).

#include <algorithm>

namespace ombra::show {

class Attention {
 public:
  // A request has come.
  void asked(double now_s) {
    const double gap_s = now_s - last_s_;
    last_s_ = now_s;
    if (gap_s > 0.0 && gap_s < kMaxS) gap_s_ = std::max(gap_s, kMemory * gap_s_);  // a longer one was a pause
  }
  double wait_s() const { return std::clamp(3.0 * gap_s_, kMinS, kMaxS); }

 private:
  // most: the dance's clock takes no longer steps than half a second (dance_clock.cpp)
  static constexpr double kMinS = 0.1, kMaxS = 0.4, kMemory = 0.9;

  double last_s_ = -1e9, gap_s_ = 0.0;
};

}  // namespace ombra::show
