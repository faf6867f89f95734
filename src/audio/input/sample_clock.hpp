#pragma once
// Which sample was heard when: a straight line through the noisy time stamps of audio callbacks, as a delay-locked loop
// of first order (after Adriaensen 2005). Thread: one owner; no allocation.

#include <cmath>
#include <cstdint>

namespace ombra::audio {

// What a callback knows: frames samples (per channel) had passed at time_s.
struct SampleStamp {
  std::uint64_t frames = 0;
  double time_s = 0.0;
};

class SampleClock {
 public:
  explicit SampleClock(double rate_hz) : rate_hz_(rate_hz) {}

  void update(const SampleStamp& stamp) {
    const double error_s = stamp.time_s - time_of(static_cast<double>(stamp.frames));
    if (stamps_ == 0 || std::abs(error_s) > 0.2) {  // the first, or the stream was held up
      base_ = stamp;
      stamps_ = 1;
      return;
    }
    ++stamps_;
    const double gain = stamps_ < 50 ? 1.0 / stamps_ : 0.02;
    base_ = {stamp.frames, stamp.time_s - error_s * (1.0 - gain)};
  }

  bool known() const { return stamps_ > 0; }
  double time_of(double frames) const { return base_.time_s + (frames - static_cast<double>(base_.frames)) / rate_hz_; }
  double frames_at(double time_s) const {
    return static_cast<double>(base_.frames) + (time_s - base_.time_s) * rate_hz_;
  }

 private:
  double rate_hz_;
  SampleStamp base_;
  int stamps_ = 0;
};

}  // namespace ombra::audio
