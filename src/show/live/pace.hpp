#pragma once
// How long the loop rests after a frame where no display makes it wait: off-screen, and where the driver ignores
// vertical sync. Short frames make up for a late one, by one frame at most.
// Thread: render only.

#include <algorithm>

namespace ombra::show {

class Pace {
 public:
  // Of a frame that began at begun_s, ended at now_s and should last due_s (seconds on one clock). synced: a display
  // may make the loop wait; then only frames that are clearly too short for one rest. -> 0 .. due_s
  double rest_s(double begun_s, double now_s, double due_s, bool synced) {
    // a display that is a little faster than it says does not let the clock run ahead of the pictures
    tick_s_ = std::max(std::min(tick_s_, begun_s) + due_s, now_s - due_s);
    if (synced && now_s - begun_s >= kShort * due_s) return 0.0;
    return std::clamp(tick_s_ - now_s, 0.0, due_s);
  }

 private:
  static constexpr double kShort = 0.8;
  double tick_s_ = 0.0;  // when the newest frame should end
};

}  // namespace ombra::show
