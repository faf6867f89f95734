#include "audio/input/listener.hpp"

#include "audio/signals.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <thread>

namespace ombra::audio {
namespace {

std::vector<AudioFrame> listen(Listener& listener, double seconds) {
  std::vector<AudioFrame> frames;
  for (const double end_s = now_s() + seconds; now_s() < end_s;) {
    AudioFrame frame;
    while (listener.next(frame)) frames.push_back(frame);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return frames;
}

TEST(Listener, PublishesAFreeRunningGridWithoutAnySource) {
  Listener listener;
  const auto frames = listen(listener, 1.0);
  ASSERT_GT(frames.size(), 60u);
  EXPECT_TRUE(frames.back().silent);
  EXPECT_EQ(frames.back().grid.confidence, 0.0f);
  EXPECT_FALSE(listener.status().live);
  EXPECT_NEAR(frames.back().time_s, now_s(), 0.1);
  for (std::size_t i = 1; i < frames.size(); ++i) {
    ASSERT_GE(frames[i].time_s, frames[i - 1].time_s);
    ASSERT_GE(frames[i].grid.anchor_beat, frames[i - 1].grid.anchor_beat);
  }
}

Track recorded(const char* name, int rate_hz, int channels = 1) {
  Track track;
  track.name = name;
  track.rate_hz = rate_hz, track.channels = channels;
  return track;
}

TEST(Listener, AMissingDeviceIsAMessageAndNoException) {
  Listener listener;
  EXPECT_FALSE(listener.open("no such device"));
  EXPECT_NE(listener.status().message.find("no such device"), std::string::npos);
  EXPECT_FALSE(listener.status().live);
  EXPECT_GT(listen(listener, 0.6).size(), 20u);
}

TEST(Listener, AnalysesASilentlyPlayedRecordingAtTheTimeItIsHeard) {
  Listener listener;
  Track track = recorded("beat", 16000, 2);
  for (const float x : test::house_beat(120.0, 10.0, 0.0, 16000)) track.samples.insert(track.samples.end(), {x, x});
  const double start_s = now_s();
  listener.play(track, false);
  const auto frames = listen(listener, 6.0);
  const auto status = listener.status();
  EXPECT_TRUE(status.live);
  EXPECT_TRUE(status.is_track);
  EXPECT_EQ(status.source, "beat");
  EXPECT_EQ(status.rate_hz, 16000.0);
  ASSERT_GT(frames.size(), 550u);
  const auto& last = frames.back();
  EXPECT_FALSE(last.silent);
  EXPECT_NEAR(last.grid.bpm, 120.0, 2.5);
  // a beat is predicted where the track, started at start_s, has one
  const double beats = (last.grid.time_of(std::ceil(last.grid.anchor_beat)) - start_s) * 2.0;
  EXPECT_LT(std::abs(beats - std::round(beats)), 0.12) << beats;
}

TEST(Listener, LoopsAShortRecordingAndCanChangeIt) {
  Listener listener;
  Track track = recorded("short", 48000);
  track.samples = test::house_beat(120.0, 0.5);
  listener.play(track, false);
  const auto first = listen(listener, 1.6);
  ASSERT_FALSE(first.empty());
  EXPECT_GE(first.back().onset_count, 4u);
  track.name = "other";
  track.rate_hz = 44100;
  listener.play(track, false);
  const auto second = listen(listener, 0.6);
  EXPECT_EQ(listener.status().source, "other");
  ASSERT_FALSE(second.empty());
  // the count of beats goes on where it was, without a jump
  EXPECT_NEAR(second.front().grid.anchor_beat, first.back().grid.beat_at(second.front().time_s), 0.05);
}

// What is kept is the track itself, left and right, at the times at which it is heard.
TEST(Listener, TheTapGivesTheSoundAsItCameIn) {
  Listener listener;
  Track track = recorded("ramp", 8000, 2);
  for (int i = 0; i < 80000; ++i) {
    track.samples.insert(track.samples.end(), {static_cast<float>(i) / 80000.0f, -0.25f});
  }
  const double start_s = now_s();
  listener.play(track, false);
  HeardSound sound;
  static_cast<void>(listen(listener, 0.3));
  EXPECT_FALSE(listener.next_sound(sound)) << "nothing is kept while it is off";
  listener.tap(true);
  static_cast<void>(listen(listener, 0.6));
  std::size_t frames = 0;
  double end_s = 0.0;
  while (listener.next_sound(sound)) {
    ASSERT_FALSE(sound.stereo.empty());
    EXPECT_EQ(sound.rate_hz, 8000);
    const std::size_t n = sound.stereo.size() / 2;
    for (std::size_t i = 0; i < n; ++i) {
      const double heard_s = sound.end_s - static_cast<double>(n - 1 - i) / 8000.0;
      ASSERT_NEAR(sound.stereo[2 * i] * 10.0, heard_s - start_s, 0.1) << "each sample at its time";
      ASSERT_EQ(sound.stereo[2 * i + 1], -0.25f);
    }
    if (end_s > 0.0) {
      EXPECT_NEAR(sound.end_s, end_s + static_cast<double>(n) / 8000.0, 0.002) << "without a gap";
    }
    end_s = sound.end_s, frames += n;
  }
  EXPECT_GT(frames, 2400u);
  EXPECT_LT(frames, 16000u);
  listener.tap(false);
}

TEST(Listener, AnEmptyRecordingIsAnError) {
  Listener listener;
  EXPECT_THROW(listener.play({"empty", {}, 1, 48000}, false), Error);
  EXPECT_GT(listen(listener, 0.6).size(), 10u);
}

}  // namespace
}  // namespace ombra::audio
