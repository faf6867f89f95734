#pragma once
// The tempo of music that is only counted: steady, or rising and falling between two tempi. Thread: any (a value).

#include <cmath>
#include <vector>

namespace ombra::train {

struct TempoPlan {
  double bpm = 120.0;
  double to_bpm = 0.0;   // 0: steady; else the tempo goes there and back, again and again, linearly in time ...
  double ramp_s = 20.0;  // ... taking so long each way

  double bpm_at(double time_s) const { return to_bpm > 0.0 ? bpm + (to_bpm - bpm) * rise(time_s) : bpm; }
  // -> beats since time 0
  double beat_at(double time_s) const {
    if (to_bpm <= 0.0) return time_s * bpm / 60.0;
    const double round_s = 2.0 * ramp_s, rounds = std::floor(time_s / round_s), t = time_s - rounds * round_s;
    // the integral of rise(): a parabola up, then its mirror image
    const double area = t <= ramp_s ? t * t / (2.0 * ramp_s) : ramp_s - (round_s - t) * (round_s - t) / (2.0 * ramp_s);
    return (time_s * bpm + (to_bpm - bpm) * (rounds * ramp_s + area)) / 60.0;
  }
  // -> pictures on which beats fall (fractions), of `pictures` at fps, but for the first beat and what is near the end
  std::vector<double> beats(long long pictures, double fps) const {
    std::vector<double> found;
    double next = 1.0;
    for (long long i = 0; i + 3 < pictures; ++i) {
      const double a = beat_at(static_cast<double>(i) / fps), b = beat_at(static_cast<double>(i + 1) / fps);
      for (; next < b; next += 1.0) found.push_back(static_cast<double>(i) + std::fmax(0.0, next - a) / (b - a));
    }
    return found;
  }

 private:
  // 0 .. 1 .. 0 over two ramps
  double rise(double time_s) const {
    const double t = std::fmod(time_s / ramp_s, 2.0);
    return t <= 1.0 ? t : 2.0 - t;
  }
};

}  // namespace ombra::train
