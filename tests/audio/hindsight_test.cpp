#include "audio/beat/hindsight.hpp"

#include "audio/beat/analysis.hpp"
#include "audio/signals.hpp"
#include "audio/testbench/practice_music.hpp"
#include "core/bar.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

// -> the times at which the grid passes whole beats between two hops of from_s .. to_s
std::vector<double> beats_between(const std::vector<AudioFrame>& hops, double from_s, double to_s) {
  std::vector<double> times_s;
  for (std::size_t i = 1; i < hops.size(); ++i) {
    const BeatGrid& grid = hops[i - 1].grid;
    const double beat = std::floor(grid.anchor_beat) + 1.0;
    if (hops[i].grid.anchor_beat < beat) continue;
    const double time_s = grid.time_of(beat);
    if (time_s >= from_s && time_s < to_s) times_s.push_back(time_s);
  }
  return times_s;
}

double worst_s(std::span<const double> beats_s, double first_s, double period_s) {
  double worst = beats_s.empty() ? 1e9 : 0.0;
  for (const double time_s : beats_s) {
    const double beats = (time_s - first_s) / period_s;
    worst = std::max(worst, std::abs(beats - std::round(beats)) * period_s);
  }
  return worst;
}

TEST(Hindsight, KnowsTheBeatFromTheFirstOneOn) {
  for (const double bpm : {97.0, 124.0, 150.0}) {
    const auto sound = test::house_beat(bpm, 16.0, 0.1);
    const double period_s = 60.0 / bpm;
    const auto live = beats_between(analyse(sound, 48000), 0.0, 1.0);
    const auto known = beats_between(analyse_whole(sound, 48000), 0.0, 16.0);
    const double live_s = live.empty() || live.front() > 0.1 + 0.5 * period_s ? period_s : worst_s(live, 0.1, period_s);
    EXPECT_GT(live_s, 0.04) << "the live grid is not late at " << bpm << ": nothing to show";
    EXPECT_LT(worst_s(known, 0.1, period_s), 0.03) << bpm;
    EXPECT_NEAR(static_cast<double>(known.size()), 15.9 / period_s, 1.5);
  }
}

TEST(Hindsight, CountsBarsFromTheFirstBeat) {
  const auto hops = analyse_whole(test::house_beat(124.0, 16.0, 0.0), 48000);
  const double beat = hops.front().grid.beat_at(0.0);
  EXPECT_NEAR(beat, 4.0, 0.08);
  EXPECT_GT(hops.front().grid.confidence, 0.3f) << "what is known later is known";
}

TEST(Hindsight, KnowsTheBarFromTheFirstBeatOn) {
  const auto piece = practice_piece("disco", 2, 30.0);
  const auto live = analyse(piece.sound, piece.rate_hz);
  auto hops = live;
  use_hindsight(hops);
  ASSERT_TRUE(bar_known(live.back().grid));
  ASSERT_FALSE(bar_known(live[200].grid));
  EXPECT_TRUE(bar_known(hops[200].grid));
  for (const std::size_t i : {std::size_t{200}, std::size_t{1500}, hops.size() - 1}) {
    const BeatGrid& grid = hops[i].grid;
    const double first_beat = std::round(grid.beat_at(piece.downbeats_s[1 + i / 300]));
    EXPECT_NEAR(grid.place_in_bar(first_beat), 0.0, 1e-9) << i;
  }
}

TEST(Hindsight, StaysContinuousThroughAPassageWithoutBeat) {
  auto sound = test::house_beat(120.0, 15.0, 0.1);
  const auto rest = test::noise(1e-2, 12.0), second = test::house_beat(128.0, 20.0, 0.2);
  sound.insert(sound.end(), rest.begin(), rest.end());
  sound.insert(sound.end(), second.begin(), second.end());
  const auto hops = analyse_whole(sound, 48000);
  for (std::size_t i = 1; i < hops.size(); ++i) {
    ASSERT_NEAR(hops[i - 1].grid.beat_at(hops[i].time_s), hops[i].grid.anchor_beat, 1e-6) << hops[i].time_s;
    ASSERT_GT(hops[i].grid.anchor_beat, hops[i - 1].grid.anchor_beat) << hops[i].time_s;
  }
  EXPECT_LT(worst_s(beats_between(hops, 0.0, 15.0), 0.1, 0.5), 0.03);
  EXPECT_LT(worst_s(beats_between(hops, 27.1, 47.0), 27.2, 60.0 / 128.0), 0.03) << "from the second beat's first";
}

TEST(Hindsight, LeavesWhatHasNoBeatAsItIs) {
  const auto noise = test::noise(0.1, 6.0);
  const auto live = analyse(noise, 48000);
  auto hops = live;
  use_hindsight(hops);
  ASSERT_EQ(hops.size(), live.size());
  for (std::size_t i = 0; i < hops.size(); ++i) {
    EXPECT_EQ(hops[i].grid.anchor_beat, live[i].grid.anchor_beat);
    EXPECT_EQ(hops[i].level, live[i].level);
  }
  std::vector<AudioFrame> none;
  use_hindsight(none);
  EXPECT_TRUE(none.empty());
  EXPECT_TRUE(analyse_whole({}, 48000).empty());
}

}  // namespace
}  // namespace ombra::audio
