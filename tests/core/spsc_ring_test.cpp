#include "core/spsc_ring.hpp"

#include <gtest/gtest.h>

#include <array>
#include <numeric>
#include <thread>

namespace ombra {
namespace {

TEST(SpscRing, GivesBackWhatWasPushedInOrderAcrossTheEdge) {
  SpscRing<int> ring(8);
  std::array<int, 5> in{}, out{};
  int next = 0, expected = 0;
  for (int round = 0; round < 20; ++round) {
    std::iota(in.begin(), in.end(), next);
    next += 5;
    ASSERT_EQ(ring.push(in), 5u);
    ASSERT_EQ(ring.pop(out), 5u);
    for (const int value : out) ASSERT_EQ(value, expected++);
  }
  EXPECT_EQ(ring.size(), 0u);
  EXPECT_EQ(ring.dropped(), 0u);
}

TEST(SpscRing, CapacityIsRoundedUpToAPowerOfTwo) { EXPECT_EQ(SpscRing<int>(100).capacity(), 128u); }

TEST(SpscRing, DropsTheNewestAndCountsThemWhenFull) {
  SpscRing<int> ring(4);
  const std::array<int, 6> in = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(ring.push(in), 4u);
  EXPECT_EQ(ring.dropped(), 2u);
  std::array<int, 6> out{};
  ASSERT_EQ(ring.pop(out), 4u);
  EXPECT_EQ(out[0], 1);
  EXPECT_EQ(out[3], 4);
}

TEST(SpscRing, EmptyGivesNothing) {
  SpscRing<int> ring(4);
  std::array<int, 2> out = {7, 7};
  EXPECT_EQ(ring.pop(out), 0u);
  EXPECT_EQ(out[0], 7);
}

TEST(SpscRing, TwoThreadsSeeEveryValueOnce) {
  constexpr int kCount = 200000;
  SpscRing<int> ring(64);
  std::jthread producer([&ring] {
    for (int i = 0; i < kCount;) {
      if (ring.push({&i, 1}) == 1) {
        ++i;
      } else {
        std::this_thread::yield();
      }
    }
  });
  std::array<int, 16> out{};
  int expected = 0;
  while (expected < kCount) {
    const std::size_t n = ring.pop(out);
    if (n == 0) std::this_thread::yield();
    for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(out[i], expected++);
  }
}

}  // namespace
}  // namespace ombra
