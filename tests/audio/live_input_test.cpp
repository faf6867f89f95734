// The whole way of live sound: a file is played into a sound server's sink, PortAudio records the sink's monitor, and
// the listener's frames tell what was played.

#include "audio/listener.hpp"
#include "audio/pulse_sink.hpp"
#include "audio/signals.hpp"
#include "core/clock.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

std::vector<AudioFrame> listen(Listener& listener, double seconds) {
  std::vector<AudioFrame> frames;
  for (const double end_s = now_s() + seconds; now_s() < end_s;) {
    AudioFrame frame;
    while (listener.next(frame)) frames.push_back(frame);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return frames;
}

double median_bpm(std::span<const AudioFrame> frames) {
  std::vector<double> bpm;
  for (const auto& frame : frames) bpm.push_back(frame.grid.bpm);
  std::nth_element(bpm.begin(), bpm.begin() + static_cast<std::ptrdiff_t>(bpm.size() / 2), bpm.end());
  return bpm[bpm.size() / 2];
}

TEST(LiveInput, HearsLevelOnsetsAndTempoAndComesBackAfterALoss) {
  std::string why;
  const auto server = test::PulseSink::start(why);
  if (!server) GTEST_SKIP() << why;
  constexpr double kBpm = 126.0;
  const auto wav = server->folder() / "beat.wav";
  test::write_wav(wav, test::house_beat(kBpm, 30.0));

  Listener listener;
  ASSERT_TRUE(listener.open("")) << listener.status().message;
  const auto quiet = listen(listener, 1.0);
  ASSERT_FALSE(quiet.empty());
  EXPECT_TRUE(quiet.back().silent);
  EXPECT_LT(quiet.back().level, 0.05f);

  server->play(wav);
  const auto frames = listen(listener, 10.0);
  ASSERT_GT(frames.size(), 900u);
  EXPECT_TRUE(listener.status().live);
  EXPECT_GT(listener.status().rate_hz, 8000.0);
  const std::span last(frames.data() + frames.size() - 300, 300);
  float level = 0.0f, bass = 0.0f;
  for (const auto& frame : last) level = std::max(level, frame.level), bass = std::max(bass, frame.bass);
  EXPECT_GT(level, 0.5f);
  EXPECT_GT(bass, 0.5f);
  // kick and hat: two onsets a beat, over the last three seconds
  const double onsets = static_cast<double>(last.back().onset_count - last.front().onset_count);
  EXPECT_NEAR(onsets, 2.0 * 3.0 * kBpm / 60.0, 3.0);
  EXPECT_NEAR(median_bpm(last), kBpm, 0.01 * kBpm);
  EXPECT_GT(last.back().grid.confidence, 0.3f);
  EXPECT_EQ(listener.status().overruns, 0u);

  // the beat runs on while the input is gone, and sound is heard again within two seconds of its return
  server->kill();
  const auto lost = listen(listener, 2.0);
  ASSERT_GT(lost.size(), 100u);
  EXPECT_FALSE(listener.status().live);
  EXPECT_GT(lost.back().grid.beat_at(lost.back().time_s), last.back().grid.beat_at(last.back().time_s) + 2.0);
  ASSERT_TRUE(server->restart());
  server->play(wav);
  const auto back = listen(listener, 2.5);
  EXPECT_TRUE(listener.status().live) << listener.status().message;
  EXPECT_EQ(listener.status().reconnects, 1u);
  ASSERT_FALSE(back.empty());
  EXPECT_GT(back.back().input_dbfs, -60.0f);
  std::printf("heard %.2f BPM for %.0f, confidence %.2f, %zu frames, latency as stated by the driver %.1f ms\n",
              median_bpm(last), kBpm, static_cast<double>(last.back().grid.confidence), frames.size(),
              1e3 * listener.status().capture_latency_s);
}

}  // namespace
}  // namespace ombra::audio
