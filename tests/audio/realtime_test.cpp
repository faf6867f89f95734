// What runs in the audio callback and, after its start, in the analysis allocates nothing.

#include "audio/beat/analysis.hpp"
#include "audio/input/input_ring.hpp"
#include "audio/input/pulse_capture.hpp"
#include "audio/pulse_sink.hpp"
#include "audio/signals.hpp"
#include "audio/testbench/practice_music.hpp"
#include "core/bar.hpp"
#include "core/clock.hpp"
#include "rt_scope.hpp"

#include <gtest/gtest.h>
#include <pthread.h>

#include <chrono>
#include <new>
#include <thread>

namespace ombra::audio {
namespace {

TEST(RealTime, TheTrapCountsAnAllocation) {
  const test::RtScope scope;
  ::operator delete(::operator new(16));  // called by name, or the optimiser may leave both out
  EXPECT_EQ(scope.allocations(), 2u);
}

TEST(RealTime, InputCallbackAllocatesNothingEvenWhenTheRingIsFull) {
  InputRing ring(2, 48000);
  const auto sound = test::noise(0.1, 0.02);
  std::uint64_t allocations = 0;
  for (int i = 0; i < 400; ++i) {  // 4 s into a ring of 2 s
    const test::RtScope scope;
    ring.on_input(sound.data(), sound.size() / 2, 0.01 * i, i == 7);
    allocations += scope.allocations();
  }
  EXPECT_EQ(allocations, 0u);
  EXPECT_EQ(ring.overruns(), 1u);
  EXPECT_GT(ring.dropped_frames(), 0u);
}

TEST(RealTime, TheTrapKnowsAThreadByItsName) {
  const test::RtThread watch("trap");
  ::operator delete(::operator new(16));
  EXPECT_EQ(watch.allocations(), 0u);
  std::uint64_t counted = 0;
  std::jthread([&] {
    ::pthread_setname_np(::pthread_self(), "trap");
    ::operator delete(::operator new(16));
    counted = watch.allocations();
  }).join();
  EXPECT_EQ(counted, 2u);
}

TEST(RealTime, SoundServerCallbackAllocatesNothing) {
  std::string why;
  const auto server = test::PulseSink::start(why);
  if (!server) GTEST_SKIP() << why;
  test::write_wav(server->folder() / "beat.wav", test::house_beat(120.0, 20.0));
  server->play(server->folder() / "beat.wav");
  const auto connection = std::make_shared<PulseServer>();
  const auto input = choose_input(connection->inputs(), "speaker.monitor");
  ASSERT_TRUE(input);
  PulseCapture capture(connection, *input);
  std::vector<float> mono(1024);
  double end_s = 0.0;
  std::size_t heard = 0;
  const auto listen = [&](double seconds, std::size_t enough) {
    for (const double until_s = now_s() + seconds; now_s() < until_s && heard < enough;) {
      while (const std::size_t n = capture.read(mono, end_s)) heard += n;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  };
  listen(10.0, 4410);
  ASSERT_GT(heard, 0u);
  heard = 0;
  const test::RtThread watch("ombra pulse");
  listen(10.0, 88200);  // two seconds of sound: 400 calls
  EXPECT_GE(heard, 88200u);
  EXPECT_EQ(watch.allocations(), 0u);
  EXPECT_EQ(capture.ring().overruns(), 0u);
  EXPECT_EQ(capture.ring().dropped_frames(), 0u);
}

TEST(RealTime, AnalysisAllocatesNothingAfterItsStart) {
  InputRing ring(1, 48000);
  Analyser analyser(48000);
  auto sound = test::house_beat(124.0, 10.0);
  const auto music = practice_piece("disco", 2, 30.0);  // long enough for its bars to be found
  sound.insert(sound.end(), music.sound.begin(), music.sound.end());
  std::vector<float> mono(1024);
  std::uint64_t allocations = 0;
  int frames = 0, bars = 0;
  for (std::size_t at = 0; at + 512 <= sound.size(); at += 512) {
    const test::RtScope scope;
    ring.on_input(sound.data() + at, 512, static_cast<double>(at + 512) / 48000.0, false);
    double end_s = 0.0;
    const std::size_t n = ring.read(mono, end_s);
    std::span<const float> block = std::span<const float>(mono).first(n);
    AudioFrame frame;
    while (!block.empty()) frames += analyser.take(block, end_s, frame) ? 1 : 0;
    bars += bar_known(frame.grid) ? 1 : 0;
    allocations += scope.allocations();
  }
  EXPECT_EQ(allocations, 0u);
  EXPECT_GT(frames, 990);
  EXPECT_GT(bars, 0);
}

}  // namespace
}  // namespace ombra::audio
