#include "stage/fade.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ombra::stage {
namespace {

TEST(Fade, TakesItsTimeBothWays) {
  Fade fade;
  EXPECT_EQ(fade.share(), 0.0);
  EXPECT_EQ(fade.step(false, 2.0, 10.0), 0.0);
  EXPECT_NEAR(fade.step(true, 2.0, 10.5), 0.25, 1e-9);
  EXPECT_NEAR(fade.step(true, 2.0, 11.0), 0.5, 1e-9);
  EXPECT_NEAR(fade.step(false, 2.0, 11.5), 0.25, 1e-9) << "back from where it was";
  EXPECT_NEAR(fade.step(true, 2.0, 14.0), 1.0, 1e-9);
  EXPECT_NEAR(fade.step(false, 1.0, 14.9), 0.1, 1e-9);
  EXPECT_EQ(fade.step(false, 1.0, 15.1), 0.0);
}

TEST(Fade, WithoutATimeItCuts) {
  Fade fade;
  fade.step(false, 0.0, 1.0);
  EXPECT_EQ(fade.step(true, 0.0, 1.0), 1.0);
  EXPECT_EQ(fade.step(false, 0.0, 1.0), 0.0);
}

TEST(Fade, WhatIsOnFromTheFirstFrameIsThere) {
  Fade fade;
  EXPECT_EQ(fade.step(true, 5.0, 100.0), 1.0);
}

TEST(Fade, AClockThatRunsBackwardsOrIsNoNumberHoldsIt) {
  Fade fade;
  fade.step(false, 1.0, 10.0);
  EXPECT_NEAR(fade.step(true, 1.0, 10.5), 0.5, 1e-9);
  EXPECT_NEAR(fade.step(true, 1.0, 3.0), 0.5, 1e-9);
  EXPECT_NEAR(fade.step(true, 1.0, NAN), 0.5, 1e-9);
  EXPECT_NEAR(fade.step(true, 1.0, 3.25), 0.75, 1e-9) << "and goes on from there";
}

}  // namespace
}  // namespace ombra::stage
