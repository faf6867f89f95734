// The beat clock on an ear that is made up: a line that never jumps, follows what is said, and knows how sure it is.

#include "audio/beat/beat_clock.hpp"

#include "audio/made_up_ear.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace ombra::audio {
namespace {

using test::MadeUpEar;
constexpr double kHopS = 0.01, kDelayS = 0.035;

std::vector<BeatGrid> heard(BeatClock& clock, const MadeUpEar& ear, double from_s, double to_s, bool silent = false) {
  std::vector<BeatGrid> grids;
  for (double t = from_s + kHopS; t < to_s + 1e-9; t += kHopS)
    grids.push_back(clock.push(t, ear.says_at(t - kDelayS), kDelayS, silent, silent));
  return grids;
}

// -> s by which the grid's next beat misses the ear's nearest
double miss_s(const BeatGrid& grid, const MadeUpEar& ear) {
  const double beats = (grid.time_of(std::ceil(grid.anchor_beat + 1e-9)) - ear.first_s) * ear.bpm / 60.0;
  return std::abs(beats - std::round(beats)) * 60.0 / ear.bpm;
}

TEST(BeatClock, ForetellsTheBeatsThatTheEarToldLate) {
  for (const double bpm : {60.0, 96.0, 128.0, 174.0}) {
    BeatClock clock(kHopS, {});
    const MadeUpEar ear{.bpm = bpm, .knows_tempo = true};
    const auto grids = heard(clock, ear, 0.0, 20.0);
    for (std::size_t i = 1000; i < grids.size(); ++i) ASSERT_LT(miss_s(grids[i], ear), 0.025) << bpm << " at " << i;
    EXPECT_GT(grids.back().confidence, 0.8f) << bpm;
  }
}

TEST(BeatClock, IsContinuousAndRisesFromOneTempoToAnother) {
  BeatClock clock(kHopS, {});
  auto grids = heard(clock, {.bpm = 120.0, .knows_tempo = true}, 0.0, 12.0);
  const MadeUpEar other{.bpm = 133.0, .first_s = 12.1, .knows_tempo = true};
  const auto later = heard(clock, other, 12.0, 24.0);
  grids.insert(grids.end(), later.begin(), later.end());
  for (std::size_t i = 1; i < grids.size(); ++i) {
    const double t = grids[i].anchor_s;
    ASSERT_NEAR(grids[i - 1].beat_at(t), grids[i].beat_at(t), 1e-9) << t;
    ASSERT_GT(grids[i].anchor_beat, grids[i - 1].anchor_beat) << t;
  }
  EXPECT_LT(miss_s(grids.back(), other), 0.02);
}

TEST(BeatClock, IsAsSureAsTheEarWasRight) {
  BeatClock sure(kHopS, {}), unsure(kHopS, {});
  const float full = heard(sure, {.beat = 0.9, .knows_tempo = true}, 0.0, 15.0).back().confidence,
              weak = heard(unsure, {.beat = 0.12, .knows_tempo = true}, 0.0, 15.0).back().confidence;
  EXPECT_GT(full, 0.85f);
  EXPECT_LT(weak, 0.5f);
}

TEST(BeatClock, RunsOnInSilenceWithoutConfidence) {
  BeatClock clock(kHopS, {});
  const MadeUpEar ear{.bpm = 126.0, .knows_tempo = true};
  heard(clock, ear, 0.0, 12.0);
  const auto grids = heard(clock, ear, 12.0, 24.0, true);
  EXPECT_EQ(grids.back().confidence, 0.0f);
  EXPECT_NEAR(grids.back().bpm, 126.0, 0.7);
  EXPECT_EQ(grids.back().bar_confidence, 0.0f) << "the next record may begin anywhere";
}

TEST(BeatClock, TheBarIsTheEars) {
  for (const int beats_per_bar : {3, 4}) {
    BeatClock clock(kHopS, {});
    const MadeUpEar ear{.bpm = 110.0, .beats_per_bar = beats_per_bar, .first_bar = 2, .bar = 0.9, .knows_tempo = true};
    const BeatGrid grid = heard(clock, ear, 0.0, 30.0).back();
    ASSERT_GE(grid.bar_confidence, 0.5f) << beats_per_bar;
    EXPECT_EQ(grid.beats_per_bar, beats_per_bar);
    const double bar_s = ear.first_s + (beats_per_bar * 12 + 2) * 60.0 / ear.bpm;
    const double place = grid.place_in_bar(std::round(grid.beat_at(bar_s)));
    EXPECT_EQ(place, 0.0) << beats_per_bar;
  }
}

}  // namespace
}  // namespace ombra::audio
