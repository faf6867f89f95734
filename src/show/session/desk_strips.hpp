#pragma once
// In how many strips, one a frame, a desk in a window of its own is drawn, so that each fits into the time that the
// picture leaves of a frame. Pure: told the times. Thread: one owner.

#include <algorithm>
#include <cmath>

namespace ombra::show {

class DeskStrips {
 public:
  static constexpr int kMost = 8;  // then the desk has 7 frames a second beside a picture that has 60

  // Of one frame, seconds: what the picture took, and what the desk's part of it took. complete: it was the last part.
  void spent(double picture_s, double desk_s, bool complete) {
    picture_s_ += kFollow * (picture_s - picture_s_);
    parts_s_ += desk_s;
    if (!complete) return;
    desk_s_ += kFollow * (parts_s_ - desk_s_);
    parts_s_ = 0.0;
  }
  // frame_s: what a frame has. A third of what is left stays free, for no two frames are alike.
  int count(double frame_s) const {
    const double room_s = std::max(kSpare * (frame_s - picture_s_), 1e-4);
    return static_cast<int>(std::clamp(std::ceil(desk_s_ / room_s), 1.0, static_cast<double>(kMost)));
  }

 private:
  static constexpr double kFollow = 0.1, kSpare = 0.6;
  double picture_s_ = 0.0, desk_s_ = 0.0, parts_s_ = 0.0;
};

}  // namespace ombra::show
