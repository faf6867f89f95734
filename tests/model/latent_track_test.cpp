#include "model/dancers/latent_track.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ombra::model {
namespace {

// Ticks first .. first + count - 1 of a curve of two numbers.
template <typename Curve>
LatentTrack track_of(std::int64_t first, std::int64_t count, Curve curve, int capacity = 64) {
  LatentTrack track(2, capacity);
  track.clear(first);
  for (std::int64_t i = first; i < first + count; ++i) {
    const float x = static_cast<float>(i);
    track.append(std::vector<float>{curve(x), 1.0f - curve(x)});
  }
  return track;
}

std::vector<float> sampled(const LatentTrack& track, double tick, double width = 0.0) {
  std::vector<float> out(2, 99.0f);
  track.sample(tick, width, out);
  return out;
}

TEST(LatentTrack, PassesThroughItsSamples) {
  const LatentTrack track = track_of(-5, 20, [](float x) { return std::sin(x); });
  for (std::int64_t i = -5; i < 15; ++i) {
    EXPECT_NEAR(sampled(track, static_cast<double>(i))[0], std::sin(static_cast<double>(i)), 1e-6);
    EXPECT_NEAR(sampled(track, static_cast<double>(i))[1], 1.0 - std::sin(static_cast<double>(i)), 1e-6);
  }
}

TEST(LatentTrack, ReproducesLinesAndParabolasBetweenSamples) {
  const LatentTrack line = track_of(-4, 12, [](float x) { return 3.0f * x - 2.0f; });
  const LatentTrack parabola = track_of(-4, 12, [](float x) { return 0.5f * x * x; });
  for (double at = -3.0; at < 6.0; at += 0.13) {
    EXPECT_NEAR(sampled(line, at)[0], 3.0 * at - 2.0, 1e-4) << at;
    EXPECT_NEAR(sampled(parabola, at)[0], 0.5 * at * at, 1e-4) << at;
  }
}

TEST(LatentTrack, HasNoCornersAtItsSamples) {
  const LatentTrack track = track_of(0, 12, [](float x) { return std::cos(1.7f * x); });
  for (int i = 2; i < 9; ++i) {
    const double e = 1e-2, before = sampled(track, i)[0] - sampled(track, i - e)[0],
                 after = sampled(track, i + e)[0] - sampled(track, i)[0];
    EXPECT_NEAR(before / e, after / e, 0.1) << "the slope at sample " << i;
  }
}

TEST(LatentTrack, TheSmoothingWindowSumsToOne) {
  const LatentTrack flat = track_of(0, 30, [](float) { return 0.25f; });
  const LatentTrack line = track_of(0, 30, [](float x) { return x; });
  for (const double width : {0.0, 0.5, 1.0, 3.0, 6.0}) {
    for (double at = 8.0; at < 20.0; at += 0.37) {
      EXPECT_NEAR(sampled(flat, at, width)[0], 0.25, 1e-6) << width << " " << at;
      EXPECT_NEAR(sampled(line, at, width)[0], at, 0.12) << "a window is even: a line stays where it is";
    }
  }
}

TEST(LatentTrack, AWiderWindowIsSmoother) {
  const LatentTrack wave = track_of(0, 40, [](float x) { return std::sin(1.3f * x); });
  double last = 1.0;
  for (const double width : {0.0, 2.0, 6.0}) {
    double most = 0.0;
    for (int i = 10; i < 30; ++i) most = std::max(most, static_cast<double>(std::abs(sampled(wave, i, width)[0])));
    EXPECT_LT(most, width > 0.0 ? 0.7 * last : 1.001);
    last = most;
  }
}

TEST(LatentTrack, RingForgetsTheOldest) {
  const LatentTrack track = track_of(
      -10, 100, [](float x) { return x; }, 16);
  EXPECT_EQ(track.end(), 90);
  EXPECT_EQ(track.begin(), 74);
  for (std::int64_t i = 74; i < 90; ++i) EXPECT_EQ(track.at(i)[0], static_cast<float>(i));
  EXPECT_EQ(track.at(-5)[0], 74.0f) << "what is forgotten: the oldest that is known";
  EXPECT_EQ(track.at(1000)[0], 89.0f) << "what is not yet made: the newest";
  EXPECT_EQ(sampled(track, 1e9)[0], 89.0f);
  EXPECT_EQ(sampled(track, -1e9)[0], 74.0f);
}

TEST(LatentTrack, TruncateForgetsTheEnd) {
  LatentTrack track = track_of(0, 20, [](float x) { return x; });
  track.truncate(12);
  EXPECT_EQ(track.end(), 12);
  EXPECT_EQ(track.at(15)[0], 11.0f);
  track.append(std::vector<float>{-1.0f, 0.0f});
  EXPECT_EQ(track.at(12)[0], -1.0f);
  track.truncate(100);
  EXPECT_EQ(track.end(), 13) << "nothing to forget";
  track.truncate(-7);
  EXPECT_TRUE(track.empty());
  EXPECT_EQ(sampled(track, 3.0), (std::vector<float>{0.0f, 0.0f})) << "an empty track gives zeros";
}

TEST(LatentTrack, SpeedIsTheMeanStep) {
  LatentTrack track(2, 32);
  track.clear(0);
  EXPECT_EQ(track.speed(5), 0.0);
  for (int i = 0; i < 10; ++i)
    track.append(std::vector<float>{3.0f * static_cast<float>(i), 4.0f * static_cast<float>(i)});
  EXPECT_NEAR(track.speed(5), 5.0, 1e-6);
  for (int i = 0; i < 4; ++i) track.append(track.at(track.end() - 1));
  EXPECT_NEAR(track.speed(4), 0.0, 1e-6);
  EXPECT_NEAR(track.speed(8), 2.5, 1e-6);
}

}  // namespace
}  // namespace ombra::model
