// The calibration's click through a real sound server: heard on its monitor at the times for which the screen flashes.

#include "audio/input/listener.hpp"
#include "audio/pulse_sink.hpp"
#include "audio/signals.hpp"
#include "core/clock.hpp"
#include "show/live/calibrate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace ombra::show {
namespace {

TEST(CalibrationLive, ClicksAreHeardWhenTheScreenFlashes) {
  std::string why;
  const auto server = test::PulseSink::start(why);
  if (!server) GTEST_SKIP() << why;
  audio::Listener listener;
  ASSERT_TRUE(listener.open("")) << listener.status().message;
  Calibration calibration(true);
  std::uint64_t onsets = 0;
  std::vector<double> late_ms;  // of each onset after the flash
  for (const double end_s = now_s() + 15.0; now_s() < end_s && late_ms.size() < 14;) {
    const double now = now_s();
    const CalibrationView view = calibration.at(now, now, 0.0);
    AudioFrame frame;
    while (listener.next(frame)) {
      if (frame.onset_count != onsets && view.audible) {
        const double since_s = view.since_click_s - (now - frame.time_s);
        const double turns = since_s / kClickEveryS;
        late_ms.push_back(1000.0 * kClickEveryS * (turns - std::round(turns)));
      }
      onsets = frame.onset_count;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  if (late_ms.empty()) GTEST_SKIP() << "this sound server has no output that PortAudio can open";
  ASSERT_GE(late_ms.size(), 6u) << calibration.at(now_s(), now_s(), 0.0).sound;
  std::sort(late_ms.begin(), late_ms.end());
  std::printf("clicks heard %.1f ms after the flash (median of %zu, %.1f to %.1f)\n", late_ms[late_ms.size() / 2],
              late_ms.size(), late_ms.front(), late_ms.back());
  EXPECT_LT(std::abs(late_ms[late_ms.size() / 2]), 60.0);
}

TEST(CalibrationLive, AHushedRecordingIsNotHeardAndGoesOn) {
  std::string why;
  const auto server = test::PulseSink::start(why);
  if (!server) GTEST_SKIP() << why;
  audio::Listener player, listener;
  ASSERT_TRUE(listener.open("")) << listener.status().message;
  audio::Track beat;
  beat.name = "beat";
  beat.samples = test::house_beat(126.0, 20.0);
  player.play(std::move(beat), true);
  if (!player.status().message.empty()) GTEST_SKIP() << player.status().message;
  const auto loudest_db = [&](double seconds) {
    float loudest = -120.0f;
    AudioFrame frame;
    for (const double end_s = now_s() + seconds; now_s() < end_s;) {
      while (listener.next(frame)) loudest = std::max(loudest, frame.input_dbfs);
      while (player.next(frame)) {
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return loudest;
  };
  loudest_db(2.0);
  EXPECT_GT(loudest_db(2.0), -40.0f);
  player.mute(true);
  loudest_db(2.0);  // what was on its way
  EXPECT_LT(loudest_db(1.0), -80.0f);
  player.mute(false);
  loudest_db(1.0);
  EXPECT_GT(loudest_db(2.0), -40.0f);
}

}  // namespace
}  // namespace ombra::show
