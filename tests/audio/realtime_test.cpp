// What runs in the audio callback and, after its start, in the analysis allocates nothing.

#include "audio/analysis.hpp"
#include "audio/input_ring.hpp"
#include "audio/signals.hpp"
#include "rt_scope.hpp"

#include <gtest/gtest.h>

#include <new>

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

TEST(RealTime, AnalysisAllocatesNothingAfterItsStart) {
  InputRing ring(1, 48000);
  Analyser analyser(48000);
  const auto sound = test::house_beat(124.0, 10.0);
  std::vector<float> mono(1024);
  std::uint64_t allocations = 0;
  int frames = 0;
  for (std::size_t at = 0; at + 512 <= sound.size(); at += 512) {
    const test::RtScope scope;
    ring.on_input(sound.data() + at, 512, static_cast<double>(at + 512) / 48000.0, false);
    double end_s = 0.0;
    const std::size_t n = ring.read(mono, end_s);
    std::span<const float> block = std::span<const float>(mono).first(n);
    AudioFrame frame;
    while (!block.empty()) frames += analyser.take(block, end_s, frame) ? 1 : 0;
    allocations += scope.allocations();
  }
  EXPECT_EQ(allocations, 0u);
  EXPECT_GT(frames, 990);
}

}  // namespace
}  // namespace ombra::audio
