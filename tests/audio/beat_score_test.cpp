#include "audio/testbench/beat_score.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ombra::audio {
namespace {

std::vector<double> every(double period_s, double first_s, double seconds) {
  std::vector<double> times;
  for (double t = first_s; t < seconds; t += period_s) times.push_back(t);
  return times;
}

TEST(BeatScore, PerfectBeatsScoreOneAndLockAtOnce) {
  const auto truth = every(0.5, 0.2, 40.0);
  const BeatScore score = score_beats(truth, truth);
  EXPECT_DOUBLE_EQ(score.f, 1.0);
  EXPECT_DOUBLE_EQ(score.f_locked, 1.0);
  EXPECT_DOUBLE_EQ(score.lock_s, truth.front());
  EXPECT_DOUBLE_EQ(score.tempo_share, 1.0);
  EXPECT_EQ(score.multiple, "-");
  EXPECT_NEAR(score.jitter_ms + std::abs(score.late_ms), 0.0, 1e-6);
}

TEST(BeatScore, SixtyMillisecondsAreMetAndEightyAreNot) {
  const auto truth = every(0.5, 0.2, 40.0);
  const BeatScore near = score_beats(every(0.5, 0.26, 40.0), truth);
  EXPECT_DOUBLE_EQ(near.f, 1.0);
  EXPECT_NEAR(near.late_ms, 60.0, 1e-6);
  EXPECT_DOUBLE_EQ(score_beats(every(0.5, 0.28, 40.0), truth).f, 0.0);
  EXPECT_DOUBLE_EQ(score_beats({}, truth).f, 0.0);
}

TEST(BeatScore, DoubleAndHalfTempoAreCalledSoAndScoreTwoThirds) {
  const auto truth = every(0.5, 0.2, 60.0);
  const BeatScore twice = score_beats(every(0.25, 0.2, 60.0), truth), half = score_beats(every(1.0, 0.2, 60.0), truth);
  EXPECT_NEAR(twice.f, 2.0 / 3.0, 0.01);
  EXPECT_EQ(twice.multiple, "2");
  EXPECT_LT(twice.lock_s, 0.0) << "beats between the beats are no lock";
  EXPECT_NEAR(half.f, 2.0 / 3.0, 0.01);
  EXPECT_EQ(half.multiple, "1/2");
  EXPECT_DOUBLE_EQ(half.tempo_share, 0.0);
}

TEST(BeatScore, FindsTheLockAndTheLockAfterAChange) {
  const auto truth = every(0.5, 0.0, 60.0);
  std::vector<double> beats;
  for (const double t : truth) {
    const bool lost = t < 6.9 || (t > 29.9 && t < 33.9);
    beats.push_back(lost ? t + 0.2 : t);
  }
  const std::vector<double> changes = {30.0};
  const BeatScore score = score_beats(beats, truth, changes);
  EXPECT_NEAR(score.lock_s, 7.0, 1e-9);
  EXPECT_NEAR(score.relock_s, 4.0, 1e-9);
  EXPECT_GT(score.f_locked, score.f);
}

TEST(BeatScore, BarsCountOnlyWhereTheGridClaimsThem) {
  std::vector<AudioFrame> hops(4000);
  for (std::size_t i = 0; i < hops.size(); ++i) {
    hops[i].time_s = 0.01 * static_cast<double>(i + 1);
    hops[i].grid = {.anchor_s = hops[i].time_s, .anchor_beat = 2.0 * hops[i].time_s, .bpm = 120.0};
    hops[i].grid.downbeat = i < 2000 ? 0.0 : 1.0;
    hops[i].grid.bar_confidence = i < 3000 ? 0.8f : 0.0f;
  }
  const BarScore score = score_bars(hops, every(0.5, 0.0, 40.0), every(2.0, 0.0, 40.0));
  EXPECT_NEAR(score.claimed, 2.0 / 3.0, 0.08);  // from 10 s on
  EXPECT_NEAR(score.right, 0.5, 0.05);
}

}  // namespace
}  // namespace ombra::audio
