#include "model/dancers/stop_warp.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ombra::model {
namespace {

constexpr int kPerBeat = 12;

// A movement of one number that stops once a beat, `late` ticks after it.
LatentTrack stopping(double late, std::int64_t ticks = 240) {
  LatentTrack track(1, 1024);
  track.clear(0);
  double at = 0.0;
  for (std::int64_t i = 0; i < ticks; ++i) {
    const double phase = 2.0 * 3.14159265 * (static_cast<double>(i) - late) / kPerBeat;
    track.append(std::vector<float>{static_cast<float>(at)});
    at += 1.0 - 0.95 * std::cos(phase + 3.14159265 / kPerBeat);  // the step from i to i + 1
  }
  return track;
}

double speed_at(const LatentTrack& track, const StopWarp& warp, double tick, double tightness) {
  std::vector<float> a(1), b(1);
  track.sample(warp.shown(tick - 0.25, tightness), 0.0, a);
  track.sample(warp.shown(tick + 0.25, tightness), 0.0, b);
  return (b[0] - a[0]) / 0.5;
}

TEST(StopWarp, BringsStopsOntoTheBeat) {
  for (const double late : {-2.0, -1.0, 0.0, 1.5, 2.2}) {
    const LatentTrack track = stopping(late);
    StopWarp warp(kPerBeat);
    warp.find_stops(track);
    for (int beat = 4; beat < 16; ++beat) {
      EXPECT_NEAR(warp.shown(beat * kPerBeat, 1.0) - beat * kPerBeat, late, 0.35) << late << " at beat " << beat;
      EXPECT_LT(speed_at(track, warp, beat * kPerBeat, 1.0), 0.15) << "it stands on the beat";
    }
    if (std::abs(late) > 1.0) {
      EXPECT_GT(speed_at(track, warp, 8.0 * kPerBeat, 0.0), 0.2) << "loose: it does not";
    }
  }
}

TEST(StopWarp, LooseLeavesTimeAlone) {
  StopWarp warp(kPerBeat);
  warp.find_stops(stopping(2.0));
  for (double tick = 30.0; tick < 120.0; tick += 0.7) EXPECT_EQ(warp.shown(tick, 0.0), tick);
}

TEST(StopWarp, TimeRunsOnSmoothlyAndNeverBackwards) {
  LatentTrack track(1, 1024);  // stops now early, now late: the worst that it is given
  track.clear(0);
  double at = 0.0;
  for (std::int64_t i = 0; i < 400; ++i) {
    const double late = (i / kPerBeat) % 2 == 0 ? 2.3 : -2.3;
    at += 1.0 - 0.95 * std::cos(2.0 * 3.14159265 * (static_cast<double>(i) - late) / kPerBeat);
    track.append(std::vector<float>{static_cast<float>(at)});
  }
  StopWarp warp(kPerBeat);
  warp.find_stops(track);
  double last = warp.shown(24.0, 1.0), last_rate = 1.0;
  for (double tick = 24.05; tick < 330.0; tick += 0.05) {
    const double now = warp.shown(tick, 1.0), rate = (now - last) / 0.05;
    EXPECT_GT(rate, 0.4) << tick;
    EXPECT_LT(rate, 1.6) << tick;
    EXPECT_NEAR(rate, last_rate, 0.03) << "time bends, it does not jerk; at " << tick;
    EXPECT_LE(std::abs(now - tick), StopWarp::kLongest * kPerBeat + 1.0);
    last = now, last_rate = rate;
  }
}

TEST(StopWarp, WhatIsPlayedStaysWhenMoreIsKnown) {
  const LatentTrack whole = stopping(1.7);
  StopWarp all(kPerBeat), growing(kPerBeat);
  all.find_stops(whole);
  LatentTrack track(1, 1024);
  track.clear(0);
  for (std::int64_t i = 0; i < whole.end(); ++i) {
    track.append(whole.at(i));
    growing.find_stops(track);
    const double tick = static_cast<double>(i + 1 - growing.reach());
    if (tick > 24.0) {
      EXPECT_EQ(growing.shown(tick, 1.0), all.shown(tick, 1.0)) << "as reach() promises, at " << tick;
    }
  }
}

TEST(StopWarp, AfterACutOnlyLaterBeatsAreForgotten) {
  StopWarp warp(kPerBeat);
  warp.find_stops(stopping(2.0));
  const double before = warp.shown(5.0 * kPerBeat, 1.0);
  warp.cut(6 * kPerBeat);
  warp.find_stops(stopping(-2.0));
  EXPECT_EQ(warp.shown(5.0 * kPerBeat, 1.0), before);
  EXPECT_NEAR(warp.shown(9.0 * kPerBeat, 1.0) - 9.0 * kPerBeat, -2.0, 0.35);
}

TEST(StopWarp, WhereNothingStopsNothingBends) {
  LatentTrack even(1, 1024);
  even.clear(0);
  for (int i = 0; i < 200; ++i) even.append(std::vector<float>{0.1f * static_cast<float>(i)});
  StopWarp warp(kPerBeat);
  warp.find_stops(even);
  for (double tick = 30.0; tick < 150.0; tick += 1.3) EXPECT_NEAR(warp.shown(tick, 1.0), tick, 1e-9);
}

}  // namespace
}  // namespace ombra::model
