#include "stage/ripples.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace ombra::stage {
namespace {

// -> how many ripples the flash of `seconds` begins, at 60 frames a second
int count(double seconds, const std::function<double(double)>& flash) {
  Ripples ripples;
  FrameUniforms u{};
  int began = 0;
  for (int i = 0; i < std::lround(60.0 * seconds); ++i) {
    ripples.see(static_cast<float>(flash(i / 60.0)), i / 60.0);
    ripples.write(u);
    began += u.ripple_age[0] == 0.0f ? 1 : 0;
  }
  return began;
}

// An onset's envelope: 5 % is left after 200 ms.
double onset(double since_s) { return since_s < 0.0 ? 0.0 : std::exp(std::log(0.05) * since_s / 0.2); }

TEST(Ripples, BeginWithEveryOnsetWeakOrStrong) {
  EXPECT_EQ(count(2.0, [](double) { return 0.0; }), 0);
  EXPECT_EQ(count(4.0, [](double t) { return onset(std::fmod(t, 0.5) - 0.1); }), 8);
  EXPECT_EQ(count(4.0, [](double t) { return 0.2 * onset(std::fmod(t, 0.5) - 0.1); }), 8);
  EXPECT_EQ(count(4.0, [](double t) { return onset(std::fmod(t, 0.125) - 0.05); }), 32) << "sixteenths";
}

TEST(Ripples, BeginWhereTheFlashRisesAndNotWhereItIsHigh) {
  EXPECT_EQ(count(2.0, [](double) { return 1.0; }), 0) << "of a show that begins bright";
  EXPECT_EQ(count(2.0, [](double t) { return t < 1.0 ? 0.3 : 0.9; }), 1);
  EXPECT_EQ(count(2.0, [](double t) { return t < 1.0 ? 0.9 : 0.3; }), 0);
  EXPECT_EQ(count(2.0, [](double t) { return 0.5 + 0.02 * std::sin(50.0 * t); }), 0) << "trembling is no rise";
  EXPECT_EQ(count(4.0, [](double t) { return 0.5 - 0.5 * std::cos(3.14159265 * t); }), 2) << "a slow one is one";
}

TEST(Ripples, TheLastFourAreKeptNewestFirst) {
  Ripples ripples;
  FrameUniforms u{};
  ripples.see(0.0f, 0.0);
  for (int i = 1; i <= 5; ++i) {
    ripples.see(0.4f + 0.1f * static_cast<float>(i), i);
    ripples.see(0.0f, i + 0.5);
  }
  ripples.see(0.0f, 6.0);
  ripples.write(u);
  for (int i = 0; i < 4; ++i) {
    EXPECT_FLOAT_EQ(u.ripple_age[i], 1.0f + static_cast<float>(i));
    EXPECT_FLOAT_EQ(u.ripple_strength[i], 0.9f - 0.1f * static_cast<float>(i));
  }
}

}  // namespace
}  // namespace ombra::stage
