// The whole way of live sound: a file is played into a sound server's sink, PortAudio records the sink's monitor, and
// the listener's frames tell what was played.

#include "audio/input/listener.hpp"
#include "audio/pulse_sink.hpp"
#include "audio/signals.hpp"
#include "core/clock.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>

namespace ombra::audio {
namespace {

// Collects frames until enough(frames) or until the time is over. On a busy machine the sound server itself stutters,
// so the test waits for what must be heard instead of demanding it at one moment.
template <typename Enough>
std::vector<AudioFrame> listen(Listener& listener, double most_s, const Enough& enough) {
  std::vector<AudioFrame> frames;
  for (const double end_s = now_s() + most_s; now_s() < end_s && !enough(frames);) {
    AudioFrame frame;
    while (listener.next(frame)) frames.push_back(frame);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return frames;
}

std::span<const AudioFrame> newest(const std::vector<AudioFrame>& frames, std::size_t n) {
  return std::span(frames).last(std::min(n, frames.size()));
}

double median_bpm(std::span<const AudioFrame> frames) {
  if (frames.empty()) return 0.0;
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
  test::write_wav(wav, test::house_beat(kBpm, 40.0));

  Listener listener;
  ASSERT_TRUE(listener.open("")) << listener.status().message;
  const auto quiet =
      listen(listener, 5.0, [&](const auto& frames) { return frames.size() > 80 && listener.status().live; });
  ASSERT_FALSE(quiet.empty());
  EXPECT_TRUE(listener.status().live);
  EXPECT_TRUE(quiet.back().silent);
  EXPECT_LT(quiet.back().level, 0.05f);

  // kick and hat: two onsets a beat in the newest two seconds, and the tempo within 1 %
  server->play(wav);
  const auto onsets_per_beat = [](std::span<const AudioFrame> last) {
    const double beats = (last.back().time_s - last.front().time_s) * kBpm / 60.0;
    return static_cast<double>(last.back().onset_count - last.front().onset_count) / beats;
  };
  const double start_s = now_s();
  const auto frames = listen(listener, 25.0, [&](const auto& all) {
    const auto last = newest(all, 200);
    return all.size() > 400 && last.back().grid.confidence > 0.5f && std::abs(onsets_per_beat(last) - 2.0) < 0.3 &&
           std::abs(median_bpm(last) / kBpm - 1.0) < 0.01;
  });
  const double heard_s = now_s() - start_s;
  const auto last = newest(frames, 200);
  ASSERT_EQ(last.size(), 200u);
  float level = 0.0f, bass = 0.0f;
  for (const auto& frame : last) level = std::max(level, frame.level), bass = std::max(bass, frame.bass);
  EXPECT_GT(level, 0.5f);
  EXPECT_GT(bass, 0.5f);
  EXPECT_NEAR(onsets_per_beat(last), 2.0, 0.3);
  EXPECT_NEAR(median_bpm(last), kBpm, 0.01 * kBpm);
  EXPECT_GT(last.back().grid.confidence, 0.5f);
  EXPECT_GT(listener.status().rate_hz, 8000.0);

  // the beat runs on while the input is gone, and sound is heard again when it is back
  server->kill();
  const auto lost = listen(listener, 5.0, [&](const auto& all) { return all.size() > 150 && !listener.status().live; });
  ASSERT_GT(lost.size(), 100u);
  EXPECT_FALSE(listener.status().live);
  EXPECT_GT(lost.back().grid.beat_at(lost.back().time_s), last.back().grid.beat_at(last.back().time_s) + 2.0);
  ASSERT_TRUE(server->restart());
  server->play(wav);
  const double back_s = now_s();
  const auto back =
      listen(listener, 10.0, [&](const auto& all) { return !all.empty() && all.back().input_dbfs > -40.0f; });
  const double returned_s = now_s() - back_s;
  EXPECT_TRUE(listener.status().live) << listener.status().message;
  EXPECT_EQ(listener.status().reconnects, 1u);
  ASSERT_FALSE(back.empty());
  EXPECT_GT(back.back().input_dbfs, -40.0f);
  std::printf(
      "%.2f BPM for %.0f after %.1f s, confidence %.2f, %llu overruns; sound again %.1f s after the server's return\n",
      median_bpm(last), kBpm, heard_s, static_cast<double>(last.back().grid.confidence),
      static_cast<unsigned long long>(listener.status().overruns), returned_s);
}

}  // namespace
}  // namespace ombra::audio
