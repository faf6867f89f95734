// Inputs that a sound server has: how they are listed, changed while they play, lost and found again. Every test starts
// a server of its own. Times are printed; the limits are generous, since a null sink that nobody listened to has
// already rendered two seconds, and since the machine may be busy.

#include "audio/input/listener.hpp"
#include "audio/pulse_sink.hpp"
#include "audio/signals.hpp"
#include "core/clock.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#if defined(__SANITIZE_THREAD__)
// libpulse itself is not instrumented: its own locks and buffers look like races
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race:pa_mutex_lock\nrace:pa_srbchannel_read\nrace:pa_iochannel_read_with_ancil_data\n";
}
#endif

namespace ombra::audio {
namespace {

constexpr double kNullSinkS = 2.0;  // see above

class SoundServer : public testing::Test {
 protected:
  void SetUp() override {
    std::string why;
    server = test::PulseSink::start(why);
    if (!server) GTEST_SKIP() << why;
    wav = server->folder() / "beat.wav";
    test::write_wav(wav, test::house_beat(120.0, 60.0));
  }

  // Collects frames until done() or until the time is over. -> seconds that it took
  double listen(double most_s, const std::function<bool()>& done) {
    const double start_s = now_s();
    while (now_s() < start_s + most_s && !done()) {
      AudioFrame frame;
      while (listener.next(frame)) frames.push_back(frame);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return now_s() - start_s;
  }
  // The beat is played aloud, and what the speaker plays is listened to until it is heard.
  void hear_the_speaker() {
    server->play(wav);
    ASSERT_TRUE(listener.open("speaker.monitor"));
    listen(10.0, [this] { return loud(); });
  }
  // Was there sound in the last half second?
  bool loud() const {
    const auto heard = [](const AudioFrame& frame) { return frame.input_dbfs > -40.0f; };
    const auto from = frames.end() - static_cast<std::ptrdiff_t>(std::min<std::size_t>(50, frames.size()));
    return listener.status().live && std::any_of(from, frames.end(), heard);
  }
  bool says(const std::string& words) const { return listener.status().message.find(words) != std::string::npos; }

  // Time goes on hop by hop, and so does the beat.
  void expect_no_gap(double most_gap_s = 0.05) const {
    double gap_s = 0.0, back_s = 0.0, jump = 0.0;
    for (std::size_t i = 1; i < frames.size(); ++i) {
      const double step_s = frames[i].time_s - frames[i - 1].time_s;
      gap_s = std::max(gap_s, step_s);
      back_s = std::max(back_s, -step_s);
      jump = std::max(
          jump, std::abs(frames[i].grid.beat_at(frames[i].time_s) - frames[i - 1].grid.beat_at(frames[i].time_s)));
    }
    std::printf("%zu hops, longest %.1f ms, largest step of the beat %.3f\n", frames.size(), 1000.0 * gap_s, jump);
    EXPECT_LT(gap_s, most_gap_s);
    EXPECT_EQ(back_s, 0.0);
    EXPECT_LT(jump, 0.1);
  }

  std::unique_ptr<test::PulseSink> server;
  std::filesystem::path wav;
  Listener listener;
  std::vector<AudioFrame> frames;
};

TEST_F(SoundServer, ListsTheMonitorsByTheirDescriptions) {
  ASSERT_TRUE(server->order("load-module module-null-sink sink_name=booth sink_properties=device.description=Booth"));
  ::unsetenv("PULSE_SOURCE");
  auto inputs = list_inputs();
  ASSERT_GE(inputs.size(), 2u);
  EXPECT_EQ(inputs[0].id, "speaker.monitor") << "the default output goes first";
  EXPECT_EQ(inputs[1].name, "Monitor of Booth");
  EXPECT_EQ(inputs[1].kind, InputKind::kMonitor);
  EXPECT_FALSE(choose_input(inputs, "")) << "no microphone, and nothing plays";
  server->play(wav, "booth");
  for (const double until_s = now_s() + 5.0; !choose_input(inputs, "") && now_s() < until_s;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    inputs = list_inputs();
  }
  ASSERT_TRUE(choose_input(inputs, ""));
  EXPECT_EQ(choose_input(inputs, "")->name, "Monitor of Booth");
  EXPECT_TRUE(inputs[1].playing);
}

TEST_F(SoundServer, ChangesTheInputWithoutAGap) {
  ASSERT_TRUE(server->order("load-module module-null-sink sink_name=booth rate=48000"));
  server->play(wav);
  ASSERT_TRUE(listener.open("speaker.monitor")) << listener.status().message;
  listen(20.0, [this] { return loud() && frames.size() > 600 && frames.back().grid.confidence > 0.3f; });
  ASSERT_TRUE(loud());
  const std::uint64_t onsets = frames.back().onset_count;
  const auto first = listener.status();
  const int rate_hz = static_cast<int>(first.rate_hz);
  server->play(wav, "booth");
  std::jthread change([this] { EXPECT_TRUE(listener.open("booth.monitor")) << listener.status().message; });
  listen(10.0, [&] { return listener.status().source != first.source; });
  const double start_s = now_s();
  listen(10.0, [&] { return now_s() - start_s > 2.0 && loud(); });
  EXPECT_NE(listener.status().source, first.source);
  EXPECT_EQ(listener.status().rate_hz, first.rate_hz) << "the server delivers at the rate of the analysis";
  EXPECT_TRUE(loud());
  EXPECT_GT(frames.back().onset_count, onsets + 3);
  // to a recording and back
  change.join();
  listener.play({"song", test::house_beat(120.0, 10.0, 0.0, rate_hz), 1, rate_hz}, false);
  listen(1.5, [] { return false; });
  EXPECT_TRUE(listener.status().is_track);
  EXPECT_TRUE(loud());
  change = std::jthread([this] { EXPECT_TRUE(listener.open("speaker.monitor")); });
  listen(6.0, [this] { return !listener.status().is_track; });
  listen(1.5, [] { return false; });
  EXPECT_TRUE(loud());
  EXPECT_EQ(listener.status().overruns, 0u);
  expect_no_gap();
}

TEST_F(SoundServer, AnInputThatIsNotThereLeavesTheOneThatIsHeard) {
  hear_the_speaker();
  EXPECT_FALSE(listener.open("no such device"));
  EXPECT_TRUE(says("no such device"));
  listen(1.0, [] { return false; });
  EXPECT_TRUE(loud());
}

TEST_F(SoundServer, IsBackAfterACrashOfTheServer) {
  hear_the_speaker();
  server->crash();
  const double noticed_s = listen(5.0, [this] { return says("gone"); });
  EXPECT_TRUE(says("gone")) << listener.status().message;
  listen(1.0, [] { return false; });
  EXPECT_FALSE(listener.status().live);
  server->stop_playing();
  ASSERT_TRUE(server->restart());
  server->play(wav);
  const double open_s = listen(10.0, [this] { return listener.status().reconnects == 1; });
  const double loud_s = open_s + listen(10.0, [this] { return loud(); });
  EXPECT_LT(open_s, 2.0);
  EXPECT_LT(loud_s, 2.0 + kNullSinkS + 1.0);
  EXPECT_EQ(listener.status().reconnects, 1u);
  EXPECT_EQ(listener.status().message, "");
  std::printf(
      "a crash is noticed after %.2f s; after the server's return the input is open in %.2f s, heard in %.2f s\n",
      noticed_s, open_s, loud_s);
  expect_no_gap();
}

TEST_F(SoundServer, ASinkThatReturnsWithAnotherRateIsHeardAgain) {
  hear_the_speaker();
  const double rate_hz = listener.status().rate_hz;
  server->stop_playing();
  ASSERT_TRUE(server->order("unload-module module-null-sink"));
  listen(5.0, [this] { return says("gone"); });
  EXPECT_TRUE(says("gone")) << listener.status().message;
  listen(1.0, [] { return false; });
  ASSERT_TRUE(server->order("load-module module-null-sink sink_name=speaker rate=96000 channels=1"));
  const double open_s = listen(10.0, [this] { return listener.status().reconnects == 1; });
  server->play(wav);
  const double loud_s = open_s + listen(10.0, [this] { return loud(); });
  EXPECT_LT(open_s, 2.0);
  EXPECT_TRUE(loud());
  EXPECT_EQ(listener.status().rate_hz, rate_hz);
  std::printf("after the sink's return the input is open in %.2f s, heard in %.2f s\n", open_s, loud_s);
  expect_no_gap();
}

TEST_F(SoundServer, SaysThatTheInputIsSuspended) {
  hear_the_speaker();
  ASSERT_TRUE(server->order("suspend-sink speaker 1"));
  listen(5.0, [this] { return says("suspended"); });
  EXPECT_TRUE(says("suspended")) << listener.status().message;
  listen(2.5, [] { return false; });
  EXPECT_FALSE(listener.status().live);
  ASSERT_TRUE(server->order("suspend-sink speaker 0"));
  const double loud_s = listen(10.0, [this] { return loud() && listener.status().message.empty(); });
  EXPECT_TRUE(loud());
  EXPECT_EQ(listener.status().message, "");
  std::printf("heard %.2f s after the resume\n", loud_s);
  expect_no_gap();
}

TEST_F(SoundServer, TheDesktopsSoundMovesWithTheDefaultOutput) {
  ::unsetenv("PULSE_SOURCE");
  ::unsetenv("PULSE_SINK");
  ASSERT_TRUE(server->order("load-module module-null-sink sink_name=booth"));
  ASSERT_TRUE(server->order("set-default-sink speaker"));
  server->play(wav);
  listen(5.0, [] { return choose_input(list_inputs(), "").has_value(); });
  ASSERT_TRUE(listener.open("")) << listener.status().message;
  listen(10.0, [this] { return loud(); });
  const std::string before = listener.status().source;
  ASSERT_TRUE(server->order("set-default-sink booth"));
  listen(8.0, [&] { return listener.status().source != before; });
  EXPECT_NE(listener.status().source, before);
}

TEST_F(SoundServer, AServerThatStopsAnsweringIsWaitedFor) {
  hear_the_speaker();
  server->pause();
  const double told_s = listen(10.0, [this] { return says("does not answer"); });
  EXPECT_TRUE(says("does not answer")) << listener.status().message;
  const double start_s = now_s();
  std::string trouble;
  EXPECT_TRUE(list_inputs(&trouble).empty());
  const double list_s = now_s() - start_s;
  EXPECT_LT(list_s, 15.0);
  EXPECT_NE(trouble.find("does not answer"), std::string::npos) << trouble;
  server->resume();
  const double loud_s = listen(10.0, [this] { return loud() && listener.status().message.empty(); });
  EXPECT_TRUE(loud());
  EXPECT_EQ(listener.status().message, "");
  EXPECT_GE(listener.status().reconnects, 1u);
  std::printf("told after %.2f s; a list takes %.2f s; heard %.2f s after the server goes on\n", told_s, list_s,
              loud_s);
  expect_no_gap(0.6);  // half a second was seen on a slow machine, while the sink catches up
}

TEST_F(SoundServer, AServerThatAnswersLaterIsHeardLater) {
  server->play(wav);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  server->pause();
  const double start_s = now_s();
  EXPECT_FALSE(listener.open("speaker.monitor"));
  EXPECT_LT(now_s() - start_s, 15.0);
  EXPECT_TRUE(says("does not answer")) << listener.status().message;
  server->resume();
  listen(12.0, [this] { return loud(); });
  EXPECT_TRUE(loud()) << listener.status().message;
}

// Our own track goes through the same output as the music of the other program.
TEST_F(SoundServer, AStandInLeavesWhenMusicComes) {
  ::unsetenv("PULSE_SOURCE");
  listener.play_until_music({"our track", test::house_beat(100.0, 20.0, 0.0, 48000), 1, 48000}, true);
  listen(5.0, [] { return false; });
  EXPECT_TRUE(listener.status().is_track) << "it has taken its own track for music";
  EXPECT_TRUE(listener.status().stands_in);
  EXPECT_TRUE(listener.status().any_input);
  EXPECT_EQ(listener.status().message, "") << "it is to be heard";
  server->play(wav);
  const double taken_s = listen(15.0, [this] { return !listener.status().is_track; });
  EXPECT_EQ(listener.status().kind, InputKind::kMonitor);
  EXPECT_FALSE(listener.status().stands_in);
  EXPECT_EQ(listener.status().taken, 1u);
  std::printf("another program's music is taken %.2f s after it began\n", taken_s);
  // only the music is heard now, and when it ends the input stays
  server->stop_playing();
  listen(2.0, [] { return false; });
  frames.clear();
  listen(2.0, [] { return false; });
  EXPECT_FALSE(loud()) << "our track is still to be heard";
  EXPECT_FALSE(listener.status().is_track);
  EXPECT_EQ(listener.status().taken, 1u);
  // an input that is chosen ends it as well
  listener.play_until_music({"our track", test::house_beat(100.0, 20.0, 0.0, 48000), 1, 48000}, false);
  EXPECT_TRUE(listener.status().stands_in);
  EXPECT_TRUE(listener.open("speaker.monitor"));
  EXPECT_FALSE(listener.status().stands_in);
}

}  // namespace
}  // namespace ombra::audio
