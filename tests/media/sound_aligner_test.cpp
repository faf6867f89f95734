#include "media/record/sound_aligner.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace ombra::media {
namespace {

// Takes all that is ready. -> times, on the pictures' clock, of the rising edges of clicks
struct Clicks {
  double start_s;
  int rate_hz;
  std::vector<double> times = {};
  std::size_t frames = 0;
  double quiet_s = 1e9;

  void take(SoundAligner& aligner) {
    const auto ready = aligner.ready();
    for (std::size_t i = 0; i + 1 < ready.size(); i += 2, ++frames) {
      quiet_s += 1.0 / rate_hz;
      if (std::abs(ready[i]) < 0.4f) continue;
      if (quiet_s > 0.1) times.push_back(start_s + static_cast<double>(frames) / rate_hz);
      quiet_s = 0.0;
    }
    aligner.take(ready.size() / 2);
  }
};

// A sound card that says rate_hz and runs drift faster, with time stamps that are up to jitter_s off. It hears a click
// of 5 ms at every full ten seconds of true time.
void hear(SoundAligner& aligner, Clicks& out, int rate_hz, double drift, double seconds, double jitter_s) {
  const double true_hz = rate_hz * (1.0 + drift);
  const auto piece = static_cast<std::size_t>(rate_hz / 100);
  std::vector<float> stereo(2 * piece);
  std::size_t heard = 0;
  unsigned state = 1;
  while (static_cast<double>(heard) / true_hz < seconds) {
    for (std::size_t i = 0; i < piece; ++i) {
      const double time_s = static_cast<double>(heard + i) / true_hz;
      const bool click = time_s > 5.0 && time_s - 10.0 * std::floor(time_s / 10.0) < 0.005;
      stereo[2 * i] = stereo[2 * i + 1] = click ? 0.9f : 0.0f;
    }
    heard += piece;
    const double off_s =
        jitter_s * (static_cast<double>((state = state * 1664525u + 1013904223u) >> 8) / 8388608.0 - 1.0);
    aligner.push(stereo, rate_hz, static_cast<double>(heard) / true_hz + off_s);
    out.take(aligner);
  }
}

// The hour passes in seconds: time is a parameter.
TEST(SoundAligner, AnHourOfADriftingSoundCardStaysWithinAFrame) {
  for (const double drift : {200e-6, -200e-6}) {
    constexpr int kHz = 8000;
    SoundAligner aligner(0.0, kHz, "test");
    Clicks out{0.0, kHz};
    hear(aligner, out, kHz, drift, 3600.0, 0.003);
    ASSERT_GE(out.times.size(), 359u);
    double worst_s = 0.0;
    for (std::size_t k = 0; k < out.times.size(); ++k) {
      worst_s = std::max(worst_s, std::abs(out.times[k] - 10.0 * static_cast<double>(k + 1)));
    }
    std::printf("drift %+.0f ppm: a click is at most %.2f ms off in an hour\n", 1e6 * drift, 1000.0 * worst_s);
    EXPECT_LT(worst_s, 1.0 / 60.0);
    EXPECT_NEAR(static_cast<double>(out.frames) / kHz, 3600.0, 0.02);
  }
}

TEST(SoundAligner, AToneStaysPureWhileItIsAligned) {
  constexpr int kHz = 48000;
  SoundAligner aligner(0.0, kHz, "test");
  std::vector<float> out;
  for (int k = 0; k < 3000; ++k) {
    std::vector<float> stereo;
    for (int i = 0; i < 480; ++i) {
      const auto x = static_cast<float>(0.5 * std::sin(2.0 * std::numbers::pi * 1000.0 * (480.0 * k + i) / kHz));
      stereo.insert(stereo.end(), {x, x});
    }
    aligner.push(stereo, kHz, 480.0 * (k + 1) / (kHz * 1.0002));
    const auto ready = aligner.ready();
    for (std::size_t i = 0; i < ready.size(); i += 2) out.push_back(ready[i]);
    aligner.take(ready.size() / 2);
  }
  // what is left when a tone of slowly moving phase is taken away, over the last second, in pieces of 10 ms
  double noise = 0.0, power = 0.0;
  for (std::size_t at = out.size() - kHz; at + 480 <= out.size(); at += 480) {
    const double hz = 1000.0 * 1.0002;
    double s = 0.0, c = 0.0;
    for (std::size_t i = 0; i < 480; ++i) {
      const double w = 2.0 * std::numbers::pi * hz * static_cast<double>(i) / kHz;
      s += out[at + i] * std::sin(w) / 240.0, c += out[at + i] * std::cos(w) / 240.0;
    }
    for (std::size_t i = 0; i < 480; ++i) {
      const double w = 2.0 * std::numbers::pi * hz * static_cast<double>(i) / kHz;
      const double rest = out[at + i] - s * std::sin(w) - c * std::cos(w);
      noise += rest * rest, power += out[at + i] * out[at + i];
    }
  }
  EXPECT_LT(10.0 * std::log10(noise / power), -55.0);
}

// Pieces of 10 ms with the left channel at level, from..to on the clock.
void tone(SoundAligner& aligner, double from_s, double to_s, float level, int rate_hz = 48000) {
  const std::vector<float> stereo(2 * static_cast<std::size_t>(rate_hz / 100), level);
  for (double t = from_s; t < to_s - 1e-6; t += 0.01) aligner.push(stereo, rate_hz, t + 0.01);
}

float at(const SoundAligner& aligner, double time_s) {
  return aligner.ready()[2 * static_cast<std::size_t>(time_s * 48000.0)];
}

TEST(SoundAligner, WhatIsMissingIsSilence) {
  SoundAligner aligner(0.0, 48000, "test");
  tone(aligner, 0.3, 1.0, 0.5f);   // begins late
  tone(aligner, 2.5, 3.0, -0.5f);  // after a gap
  aligner.fill_until(4.0);
  ASSERT_EQ(aligner.ready().size(), 2u * 4 * 48000);
  for (const double t : {0.0, 0.29, 1.02, 2.0, 2.49, 3.01, 3.9}) EXPECT_NEAR(at(aligner, t), 0.0f, 0.02f) << t;
  for (const double t : {0.31, 0.9, 0.99}) EXPECT_NEAR(at(aligner, t), 0.5f, 0.02f) << t;
  for (const double t : {2.51, 2.99}) EXPECT_NEAR(at(aligner, t), -0.5f, 0.02f) << t;
}

TEST(SoundAligner, WhatIsOlderOrComesTwiceIsLeftOut) {
  SoundAligner aligner(10.0, 48000, "test");
  tone(aligner, 9.0, 10.5, 0.5f);
  tone(aligner, 10.2, 11.0, 0.25f);  // another device, which hears 300 ms again
  aligner.fill_until(11.0);
  EXPECT_NEAR(aligner.known_s(), 11.0, 1e-3);
  EXPECT_NEAR(at(aligner, 0.01), 0.5f, 0.02f);
  EXPECT_NEAR(at(aligner, 0.48), 0.5f, 0.02f);
  EXPECT_NEAR(at(aligner, 0.53), 0.25f, 0.02f);
}

TEST(SoundAligner, ADeviceOfAnotherRateGoesOnInPlace) {
  SoundAligner aligner(0.0, 48000, "test");
  tone(aligner, 0.0, 1.0, 0.5f);
  tone(aligner, 1.0, 2.0, -0.25f, 44100);
  tone(aligner, 2.0, 3.0, 0.5f, 96000);
  aligner.fill_until(3.0);
  EXPECT_NEAR(static_cast<double>(aligner.ready().size()), 2.0 * 3 * 48000, 20.0);
  EXPECT_NEAR(at(aligner, 0.99), 0.5f, 0.02f);
  EXPECT_NEAR(at(aligner, 1.01), -0.25f, 0.02f);
  EXPECT_NEAR(at(aligner, 1.99), -0.25f, 0.02f);
  EXPECT_NEAR(at(aligner, 2.01), 0.5f, 0.02f);
}

}  // namespace
}  // namespace ombra::media
