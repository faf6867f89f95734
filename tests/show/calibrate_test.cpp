// The calibration's clock: which frames flash, and where the clicks of its track are.

#include "show/live/calibrate.hpp"

#include "core/clock.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

namespace ombra::show {
namespace {

TEST(Calibration, FlashesInExactlyTheFramesSeenDuringTheFlash) {
  const ClickGrid grid{.click_s = 1234.567};
  for (const double offset_s : {0.0, 0.035, -0.120, 0.300}) {
    for (const double fps : {24.0, 59.94, 60.0, 144.0}) {
      int flashes = 0, frames = 0;
      for (double seen_s = 1230.0; seen_s < 1240.0; seen_s += 1.0 / fps, ++frames) {
        // the last click before the frame, found by counting
        const double at = seen_s + offset_s;
        double click_s = 1234.567 - 20.0 * kClickEveryS;
        while (click_s + kClickEveryS <= at + 1e-12) click_s += kClickEveryS;
        if (std::abs(at - click_s) < 1e-9 || std::abs(at - click_s - kFlashS) < 1e-9) continue;  // on the edge
        EXPECT_EQ(grid.flash(seen_s, offset_s), at - click_s < kFlashS) << at - click_s;
        EXPECT_NEAR(grid.since_click(seen_s, offset_s), at - click_s, 1e-9);
        flashes += grid.flash(seen_s, offset_s) ? 1 : 0;
      }
      EXPECT_NEAR(static_cast<double>(flashes) / frames, kFlashS / kClickEveryS, 0.05);
    }
  }
}

TEST(Calibration, RaisingTheOffsetFlashesEarlier) {
  const ClickGrid grid{.click_s = 10.0};
  EXPECT_FALSE(grid.flash(9.97, 0.0));
  EXPECT_TRUE(grid.flash(9.97, 0.035)) << "drawn ahead, since the projector is late";
}

TEST(Calibration, TheTrackClicksTwiceASecondWithoutADelay) {
  for (const int rate_hz : {44100, 48000}) {
    const audio::Track track = click_track(rate_hz);
    ASSERT_EQ(track.samples.size(), static_cast<std::size_t>(2 * rate_hz));
    for (int click = 0; click < 4; ++click) {
      const auto at = static_cast<std::size_t>(click * rate_hz / 2);
      EXPECT_GT(track.samples[at], 0.5f);
      for (const float x : track.samples) EXPECT_LE(std::abs(x), 1.0f);
      for (std::size_t i = at + static_cast<std::size_t>(rate_hz / 50); i < at + static_cast<std::size_t>(rate_hz / 2);
           ++i)
        ASSERT_EQ(track.samples[i], 0.0f);
    }
  }
}

TEST(Calibration, SaysWhereItClicksOrWhyNot) {
  Calibration silent(false);
  EXPECT_NE(silent.at(now_s(), now_s(), 0.0).sound.find("--silent"), std::string::npos);
  Calibration calibration(true);
  CalibrationView view;
  int flashes = 0;
  for (int i = 0; i < 150; ++i) {
    view = calibration.at(now_s(), now_s() + 0.016, 0.0);
    flashes += view.flash ? 1 : 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_TRUE(view.on);
  EXPECT_GT(flashes, 0);
  if (!view.audible) {
    EXPECT_NE(view.sound.find("No click ("), std::string::npos) << view.sound;
  }
}

}  // namespace
}  // namespace ombra::show
