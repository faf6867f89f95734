#include "show/live/pace.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ombra::show {
namespace {

constexpr double kDueS = 1.0 / 60.0;

// A loop whose frames take the time that they are given, or until the next refresh of a display.
struct Loop {
  Pace pace;
  double now_s = 100.0;
  // -> how long the frame lasted, its rest included
  double frame(double work_s, bool synced = false, double refresh_s = 0.0) {
    const double begun_s = now_s;
    now_s += std::max(work_s, refresh_s);
    now_s += pace.rest_s(begun_s, now_s, kDueS, synced);
    return now_s - begun_s;
  }
};

TEST(Pace, FramesOfAnyLengthBelowTheirTimeComeAtTheirRate) {
  Loop loop;
  for (int i = 0; i < 3; ++i) loop.frame(0.004);
  const double first_s = loop.now_s;
  for (int i = 0; i < 600; ++i) loop.frame(i % 2 == 0 ? 0.002 : 0.015);
  EXPECT_NEAR(loop.now_s - first_s, 600.0 * kDueS, 0.001);
}

TEST(Pace, AfterALateFrameOneIsHurriedAndNoMore) {
  Loop loop;
  for (int i = 0; i < 10; ++i) loop.frame(0.004);
  loop.frame(0.5);
  EXPECT_NEAR(loop.frame(0.004), 0.004, 1e-9);
  EXPECT_NEAR(loop.frame(0.004), kDueS - 0.004, 1e-9);
  EXPECT_NEAR(loop.frame(0.004), kDueS, 1e-9);
}

TEST(Pace, ADisplayThatMakesTheLoopWaitIsNotSlowedDown) {
  Loop loop;
  for (int i = 0; i < 1000; ++i) EXPECT_NEAR(loop.frame(0.004, true, 1.0 / 61.0), 1.0 / 61.0, 1e-9);
}

TEST(Pace, WhenAFasterDisplayStopsToWaitTheNextFrameIsOnTime) {
  Loop loop;
  for (int i = 0; i < 1000; ++i) loop.frame(0.004, true, 1.0 / 61.0);
  for (int i = 0; i < 3; ++i) EXPECT_LE(loop.frame(0.004, true), kDueS + 1e-9);
}

}  // namespace
}  // namespace ombra::show
