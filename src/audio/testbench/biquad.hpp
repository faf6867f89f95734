#pragma once
// Second-order filters (Bristow-Johnson, Audio EQ Cookbook), transposed direct form II. Thread: one owner.

#include <cmath>
#include <numbers>

namespace ombra::audio {

class Biquad {
 public:
  static Biquad low_pass(double hz, double q, int rate_hz) {
    const double w = 2.0 * std::numbers::pi * hz / rate_hz, c = std::cos(w);
    return {(1.0 - c) / 2.0, 1.0 - c, (1.0 - c) / 2.0, w, q};
  }
  static Biquad high_pass(double hz, double q, int rate_hz) {
    const double w = 2.0 * std::numbers::pi * hz / rate_hz, c = std::cos(w);
    return {(1.0 + c) / 2.0, -(1.0 + c), (1.0 + c) / 2.0, w, q};
  }
  static Biquad band_pass(double hz, double q, int rate_hz) {
    const double w = 2.0 * std::numbers::pi * hz / rate_hz;
    return {std::sin(w) / 2.0 / q, 0.0, -std::sin(w) / 2.0 / q, w, q};
  }
  double operator()(double x) {
    const double y = b0_ * x + s1_;
    s1_ = b1_ * x - a1_ * y + s2_;
    s2_ = b2_ * x - a2_ * y;
    return y;
  }

 private:
  Biquad(double b0, double b1, double b2, double w, double q) {
    const double alpha = std::sin(w) / (2.0 * q), a0 = 1.0 + alpha;
    b0_ = b0 / a0, b1_ = b1 / a0, b2_ = b2 / a0;
    a1_ = -2.0 * std::cos(w) / a0, a2_ = (1.0 - alpha) / a0;
  }
  double b0_, b1_, b2_, a1_, a2_, s1_ = 0.0, s2_ = 0.0;
};

}  // namespace ombra::audio
