#include "audio/input/input_ring.hpp"

#include "audio/input/sample_clock.hpp"
#include "core/clock.hpp"
#include "core/rng.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace ombra::audio {
namespace {

TEST(SampleClock, LearnsTheTimesThroughJitterAndDrift) {
  SampleClock clock(48000.0);
  Rng rng(5);
  const double real_rate = 48000.0 * (1.0 + 100e-6);  // crystals differ by 100 ppm at most
  double worst_s = 0.0;
  for (std::uint64_t frames = 480; frames < 48000 * 60; frames += 480) {
    const double heard_s = 100.0 + static_cast<double>(frames) / real_rate;
    clock.update({frames, heard_s + rng.uniform(0.0, 0.004)});
    if (frames > 48000)
      worst_s = std::max(worst_s, std::abs(clock.time_of(static_cast<double>(frames)) - heard_s - 0.002));
  }
  EXPECT_LT(worst_s, 0.0015);
}

TEST(SampleClock, StartsAgainAfterAHold) {
  SampleClock clock(48000.0);
  for (std::uint64_t k = 1; k <= 100; ++k) clock.update({k * 480, static_cast<double>(k) * 0.01});
  clock.update({101 * 480, 9.0});
  EXPECT_DOUBLE_EQ(clock.time_of(101 * 480), 9.0);
  EXPECT_DOUBLE_EQ(clock.frames_at(9.01), 102 * 480);
}

TEST(InputRing, MixesTwoChannelsAndStampsTheLastSample) {
  InputRing ring(2, 48000);
  std::vector<float> stereo;
  for (int i = 0; i < 480; ++i) stereo.insert(stereo.end(), {0.2f, 0.4f});
  ring.on_input(stereo.data(), 480, 5.0, false);
  std::vector<float> mono(1000);
  double end_s = 0.0;
  std::vector<float> both(2 * mono.size());
  ASSERT_EQ(ring.read(mono, end_s, both), 480u);
  EXPECT_FLOAT_EQ(both[958], 0.2f);
  EXPECT_FLOAT_EQ(both[959], 0.4f);
  EXPECT_FLOAT_EQ(mono[0], 0.3f);
  EXPECT_FLOAT_EQ(mono[479], 0.3f);
  EXPECT_DOUBLE_EQ(end_s, 5.0);
  EXPECT_EQ(ring.read(mono, end_s), 0u);
}

TEST(InputRing, HearsTheChannelsThatSound) {
  InputRing ring(4, 48000);
  std::vector<float> block, mono(480), both(960);
  for (int i = 0; i < 480; ++i) block.insert(block.end(), {0.0f, 0.0f, 0.2f, 0.4f});
  double end_s = 0.0;
  for (int k = 1; k <= 100; ++k) {
    ring.on_input(block.data(), 480, 0.01 * k, false);
    ASSERT_EQ(ring.read(mono, end_s, both), 480u);
  }
  EXPECT_EQ(ring.heard(), (ChannelPair{2, 3}));
  EXPECT_EQ(ring.sounding(), 0b1100u);
  EXPECT_FLOAT_EQ(mono[479], 0.3f);
  EXPECT_FLOAT_EQ(both[958], 0.2f);
  ring.listen_to(ChannelPair{3, 3});
  ring.on_input(block.data(), 480, 1.01, false);
  ASSERT_EQ(ring.read(mono, end_s, both), 480u);
  EXPECT_LT(mono[0], 0.31f) << "the change is faded";
  EXPECT_FLOAT_EQ(mono[479], 0.4f);
}

TEST(InputRing, KeepsChannelsInPlaceWhenItOverflows) {
  InputRing ring(2, 4000);
  std::vector<float> stereo;
  for (int i = 0; i < 333; ++i) stereo.insert(stereo.end(), {1.0f, -1.0f});
  for (int i = 0; i < 100; ++i) ring.on_input(stereo.data(), 333, 0.083 * i, false);
  EXPECT_GT(ring.dropped_frames(), 0u);
  std::vector<float> mono(512);
  double end_s = 0.0;
  std::size_t total = 0;
  while (const std::size_t n = ring.read(mono, end_s)) {
    for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(mono[i], 0.0f);  // left and right cancel, unless they changed places
    total += n;
  }
  EXPECT_GT(total, 7000u);
}

TEST(InputRing, TwoThreadsLoseNothingWhenTheReaderKeepsUp) {
  InputRing ring(1, 48000);
  constexpr int kBlocks = 2000;
  std::jthread callback([&ring] {
    std::vector<float> block(64);
    for (int b = 0; b < kBlocks; ++b) {
      for (std::size_t i = 0; i < 64; ++i) block[i] = static_cast<float>(b * 64 + static_cast<int>(i));
      ring.on_input(block.data(), 64, now_s(), false);
      if (b % 64 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  std::vector<float> mono(512);
  double end_s = 0.0;
  float expected = 0.0f;
  for (const double until_s = now_s() + 20.0; expected < kBlocks * 64.0f && now_s() < until_s;) {
    const std::size_t n = ring.read(mono, end_s);
    for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(mono[i], expected++);
    if (n == 0) std::this_thread::yield();
  }
  EXPECT_EQ(expected, kBlocks * 64.0f);
  EXPECT_EQ(ring.dropped_frames(), 0u);
}

}  // namespace
}  // namespace ombra::audio
