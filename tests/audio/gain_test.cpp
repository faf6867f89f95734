// A quiet room microphone and a hot line input of the same music give the same dance.

#include "audio/beat/gain.hpp"

#include "audio/beat/analysis.hpp"
#include "audio/signals.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ombra::audio {
namespace {

constexpr int kRateHz = 48000;

double rms(const std::vector<float>& sound) {
  double sum = 0.0;
  for (const float x : sound) sum += static_cast<double>(x) * x;
  return std::sqrt(sum / static_cast<double>(sound.size()));
}

// One second-order section (Bristow-Johnson's cookbook), high or low pass with Butterworth's Q.
std::vector<float> pass(std::vector<float> sound, double hz, bool high) {
  const double w = 2.0 * std::numbers::pi * hz / kRateHz, alpha = std::sin(w) / std::numbers::sqrt2, c = std::cos(w);
  const double b1 = high ? -(1.0 + c) : 1.0 - c, b0 = std::abs(b1) / 2.0, a0 = 1.0 + alpha;
  double x1 = 0.0, x2 = 0.0, y1 = 0.0, y2 = 0.0;
  for (float& sample : sound) {
    const double x = sample, y = (b0 * x + b1 * x1 + b0 * x2 + 2.0 * c * y1 - (1.0 - alpha) * y2) / a0;
    x2 = x1, x1 = x, y2 = y1, y1 = y;
    sample = static_cast<float>(y);
  }
  return sound;
}

void set_level(std::vector<float>& sound, double dbfs) {
  const auto factor = static_cast<float>(std::pow(10.0, dbfs / 20.0) / rms(sound));
  for (float& x : sound) x *= factor;
}

// The mixer's output, turned up until its peaks touch full scale.
std::vector<float> hot_line(std::vector<float> music) {
  float peak = 0.0f;
  for (const float x : music) peak = std::max(peak, std::abs(x));
  for (float& x : music) x *= 0.98f / peak;
  return music;
}

// A telephone on a table: speech band, -45 dBFS, over a floor of noise at -60 dBFS.
std::vector<float> room_microphone(const std::vector<float>& music) {
  std::vector<float> heard = pass(pass(music, 120.0, true), 6000.0, false);
  set_level(heard, -45.0);
  std::vector<float> floor = test::noise(1.0, static_cast<double>(music.size()) / kRateHz, kRateHz, 77);
  set_level(floor, -60.0);
  for (std::size_t i = 0; i < heard.size() && i < floor.size(); ++i) heard[i] += floor[i];
  return heard;
}

struct Likeness {
  double correlation = 0.0, difference = 0.0;  // of two traces; difference: mean of the absolute one
};

Likeness compare(const std::vector<AudioFrame>& a, const std::vector<AudioFrame>& b, std::size_t from,
                 float AudioFrame::*trace) {
  const std::size_t n = std::min(a.size(), b.size()) - from;
  double sum_a = 0, sum_b = 0, aa = 0, bb = 0, ab = 0, difference = 0;
  for (std::size_t i = from; i < from + n; ++i) {
    const double x = a[i].*trace, y = b[i].*trace;
    sum_a += x, sum_b += y, aa += x * x, bb += y * y, ab += x * y, difference += std::abs(x - y);
  }
  const double count = static_cast<double>(n);
  const double top = ab - sum_a * sum_b / count;
  const double below = std::sqrt((aa - sum_a * sum_a / count) * (bb - sum_b * sum_b / count));
  return {below > 0.0 ? top / below : 0.0, difference / count};
}

TEST(Gain, AQuietMicrophoneAndAHotLineGiveTheSameDance) {
  std::vector<float> music = test::house_beat(124.0, 30.0, 0.0, kRateHz);
  const auto quiet_from = music.begin() + 16 * kRateHz, quiet_to = music.begin() + 20 * kRateHz;
  std::transform(quiet_from, quiet_to, quiet_from, [](float x) { return 0.25f * x; });  // a break, 12 dB below
  const auto line = analyse(hot_line(music), kRateHz), microphone = analyse(room_microphone(music), kRateHz);
  ASSERT_EQ(line.size(), microphone.size());
  const std::size_t from = 600;  // the gain has settled
  const struct {
    const char* name;
    float AudioFrame::*trace;
    double least_correlation, most_difference;
  } traces[] = {{"level", &AudioFrame::level, 0.85, 0.15},
                {"bass", &AudioFrame::bass, 0.75, 0.15},
                {"onset", &AudioFrame::onset, 0.75, 0.15}};
  for (const auto& t : traces) {
    const Likeness like = compare(line, microphone, from, t.trace);
    std::printf("%-5s correlation %.2f, mean difference %.3f\n", t.name, like.correlation, like.difference);
    EXPECT_GT(like.correlation, t.least_correlation) << t.name;
    EXPECT_LT(like.difference, t.most_difference) << t.name;
  }
  const AudioFrame &a = line.back(), &b = microphone.back();
  EXPECT_NEAR(a.grid.bpm, b.grid.bpm, 0.01 * a.grid.bpm);
  const double beats = a.grid.beat_at(a.time_s) - b.grid.beat_at(b.time_s), off = beats - std::round(beats);
  EXPECT_LT(std::abs(off) * 60.0 / a.grid.bpm, 0.04) << "the beats fall apart, in seconds";
  EXPECT_NEAR(static_cast<double>(a.onset_count), static_cast<double>(b.onset_count),
              0.2 * static_cast<double>(a.onset_count));
  std::printf("onsets %llu and %llu, %.2f and %.2f BPM, beats %.0f ms apart\n",
              static_cast<unsigned long long>(a.onset_count), static_cast<unsigned long long>(b.onset_count),
              a.grid.bpm, b.grid.bpm, 1000.0 * off * 60.0 / a.grid.bpm);
}

TEST(Gain, RoomNoiseAloneIsNoMusic) {
  std::vector<float> hiss = test::noise(1.0, 10.0, kRateHz, 5);
  set_level(hiss, -72.0);
  const auto frames = analyse(hiss, kRateHz);
  float level = 0.0f;
  for (std::size_t i = 300; i < frames.size(); ++i) level = std::max(level, frames[i].level);
  EXPECT_LT(level, 0.2f);
  EXPECT_TRUE(frames.back().silent);
}

TEST(Gain, ComesDownSlowlyAfterALoudPassage) {
  Gain gain;
  for (int i = 0; i < 1000; ++i) gain.follow(0.5, 0.01);
  EXPECT_NEAR(gain.reference(), 0.5, 0.01);
  for (int i = 0; i < 300; ++i) gain.follow(0.2, 0.01);  // a break of 3 s
  EXPECT_GT(gain.reference(), 0.4) << "a break looks quieter than a drop";
  for (int i = 0; i < 6000; ++i) gain.follow(0.02, 0.01);  // the source was turned down
  EXPECT_LT(gain.reference(), 0.06);
  for (int i = 0; i < 1000; ++i) gain.follow(1e-5, 0.01);
  EXPECT_GE(gain.reference(), Gain::Settings{}.floor);
}

}  // namespace
}  // namespace ombra::audio
