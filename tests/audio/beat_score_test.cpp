#include "audio/testbench/beat_score.hpp"
#include "audio/testbench/continuity.hpp"

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

TEST(BeatScore, DownbeatsCountOnlyWhereABarIsClaimed) {
  std::vector<AnnouncedBeat> beats;
  for (int i = 0; i < 80; ++i) beats.push_back({0.5 * i, 0.9f, i % 4 == 0});
  const auto bars = every(2.0, 0.0, 40.0);
  EXPECT_DOUBLE_EQ(score_downbeats(beats, bars), 1.0);
  for (int i = 40; i < 80; ++i) beats[static_cast<std::size_t>(i)].first = false;
  EXPECT_NEAR(score_downbeats(beats, bars), 0.5, 0.01) << "from 10 s on: 5 of 15 are announced";
  for (AnnouncedBeat& beat : beats) beat.first = !beat.first;
  EXPECT_LT(score_downbeats(beats, bars), 0.4);
}

TEST(BeatScore, CalibrationComparesConfidenceWithWhatIsMet) {
  Calibration calibration;
  std::vector<AnnouncedBeat> beats;
  for (int i = 0; i < 400; ++i)  // every second of those with 0.55 lies between the beats
    beats.push_back({10.0 + i + (i % 4 == 3 ? 0.5 : 0.0), i % 2 == 0 ? 0.95f : 0.55f, false});
  calibration.add(beats, every(1.0, 0.0, 500.0));
  EXPECT_DOUBLE_EQ(calibration.met_from(0.9), 1.0);
  EXPECT_DOUBLE_EQ(calibration.met_from(0.5), 0.75);
  EXPECT_DOUBLE_EQ(calibration.beats[5], 200.0);
  EXPECT_NEAR(calibration.error(), 0.05, 1e-6) << "half of the beats each: 0.95 for 1, 0.55 for 0.5";
}

TEST(Continuity, RightBeatsAreContinuousInEveryReading) {
  const auto truth = every(0.5, 0.2, 40.0);
  const auto of = [&](const std::vector<double>& beats) { return score_continuity(beats, truth); };
  EXPECT_DOUBLE_EQ(of(truth).correct, 1.0);
  EXPECT_DOUBLE_EQ(of({}).allowed, 0.0);
  const auto twice = of(every(0.25, 0.2, 40.0)), half = of(every(1.0, 0.7, 40.0)), off = of(every(0.5, 0.45, 40.0));
  EXPECT_DOUBLE_EQ(twice.correct, 0.0);
  EXPECT_GT(twice.allowed, 0.98);
  EXPECT_DOUBLE_EQ(half.correct, 0.0);
  EXPECT_GT(half.allowed, 0.95);
  EXPECT_DOUBLE_EQ(off.correct, 0.0);
  EXPECT_GT(off.allowed, 0.98);
  const auto other = of(every(0.75, 0.2, 40.0));
  EXPECT_LT(other.allowed, 0.1) << "three for two is no reading of the same metre";
}

TEST(Continuity, ASlipCostsTheBeatsBesideIt) {
  const auto truth = every(0.5, 0.0, 50.0);
  auto beats = truth;
  beats[50] += 0.12;  // more than 17.5 % of a beat: it, and the one whose interval it spoils
  EXPECT_NEAR(score_continuity(beats, truth).correct, 1.0 - 2.0 / 90.0, 1e-9);
  beats[50] = truth[50] + 0.07;
  EXPECT_DOUBLE_EQ(score_continuity(beats, truth).correct, 1.0);
}

}  // namespace
}  // namespace ombra::audio
