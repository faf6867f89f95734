#include "show/live/frame_stats.hpp"

#include <gtest/gtest.h>

namespace ombra::show {
namespace {

constexpr double kRefreshS = 1.0 / 60.0;

TEST(FrameStats, CountsTheRefreshesThatShowedNothingNew) {
  FrameStats stats;
  stats.add(2.0, kRefreshS);  // before the first picture nothing is due
  EXPECT_EQ(stats.dropped(), 0u);
  for (int i = 0; i < 60; ++i) stats.add(kRefreshS * (i % 2 == 0 ? 0.9 : 1.1), kRefreshS);
  EXPECT_EQ(stats.dropped(), 0u) << "uneven, yet each refresh had a picture";
  stats.add(2.0 * kRefreshS, kRefreshS);
  EXPECT_EQ(stats.dropped(), 1u);
  stats.add(5.1 * kRefreshS, kRefreshS);
  EXPECT_EQ(stats.dropped(), 5u);
}

TEST(FrameStats, KnowsItsPercentiles) {
  FrameStats stats;
  for (int i = 0; i < 5 * Times::kHistory; ++i) stats.add(0.5, kRefreshS);  // forgotten
  for (int i = 0; i < Times::kHistory; ++i) {
    stats.add(i % 100 < 90 ? 0.010 : i % 100 < 97 ? 0.020 : 0.040, kRefreshS);
  }
  stats.refresh();
  EXPECT_NEAR(stats.p50_ms(), 10.0, 1e-3);
  EXPECT_NEAR(stats.p95_ms(), 20.0, 1e-3);
  EXPECT_NEAR(stats.p99_ms(), 40.0, 1e-3);
  EXPECT_NEAR(stats.fps(), 1000.0 / 12.0, 8.0);
}

TEST(Times, RunRoundTheirRing) {
  Times times;
  EXPECT_EQ(times.percentile(0.5), 0.0);
  for (int i = 0; i < Times::kHistory + 3; ++i) times.add(i);
  EXPECT_EQ(times.known(), Times::kHistory);
  EXPECT_EQ(times.back(0), Times::kHistory + 2);
  EXPECT_EQ(times.back(Times::kHistory - 1), 3.0) << "the oldest";
  EXPECT_EQ(times.history_ms()[static_cast<std::size_t>(times.first())], 3.0f);
  EXPECT_EQ(times.percentile(1.0), Times::kHistory + 2);
}

}  // namespace
}  // namespace ombra::show
