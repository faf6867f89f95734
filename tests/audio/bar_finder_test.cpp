// Where the bar begins, heard in practice music, and what must not be claimed or lost.

#include "audio/beat/bar_finder.hpp"

#include "audio/beat/analysis.hpp"
#include "audio/clocks/conductor.hpp"
#include "audio/signals.hpp"
#include "audio/testbench/beat_score.hpp"
#include "audio/testbench/practice_music.hpp"
#include "core/bar.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace ombra::audio {
namespace {

// -> the frame in which time_s was heard
const AudioFrame& frame_at(std::span<const AudioFrame> hops, double time_s) {
  return *std::lower_bound(hops.begin(), hops.end() - 1, time_s,
                           [](const AudioFrame& hop, double s) { return hop.time_s < s; });
}

// -> beats since the bar began at time_s, counted on the whole beat nearest to it
long place_at(const BeatGrid& grid, double time_s) {
  return std::lround(grid.place_in_bar(std::round(grid.beat_at(time_s)))) % grid.beats_per_bar;
}

struct After {  // what is claimed from the 17th bar on
  double claimed = 0.0, right = 0.0;
};

After after_sixteen_bars(const PracticePiece& piece, std::span<const AudioFrame> hops) {
  int all = 0, claimed = 0, right = 0;
  const long beats_per_bar =
      std::lround((piece.downbeats_s[1] - piece.downbeats_s[0]) / (piece.beats_s[1] - piece.beats_s[0]));
  for (std::size_t i = static_cast<std::size_t>(16 * beats_per_bar); i < piece.beats_s.size(); ++i) {
    const BeatGrid& grid = frame_at(hops, piece.beats_s[i]).grid;
    ++all;
    if (!bar_known(grid)) continue;
    ++claimed;
    right +=
        grid.beats_per_bar == beats_per_bar && place_at(grid, piece.beats_s[i]) == static_cast<long>(i) % beats_per_bar
            ? 1
            : 0;
  }
  return {static_cast<double>(claimed) / all, claimed > 0 ? static_cast<double>(right) / claimed : 1.0};
}

TEST(BarFinder, FindsTheBarWithinSixteenBars) {
  for (const char* style : {"house", "hip_hop", "drum_and_bass", "rock", "disco"}) {
    const auto piece = practice_piece(style, 6, style == std::string("hip_hop") ? 65.0 : 50.0);
    const After after = after_sixteen_bars(piece, analyse(piece.sound, piece.rate_hz));
    std::printf("%-16s claimed %3.0f%% right %3.0f%%\n", piece.name.c_str(), 100.0 * after.claimed,
                100.0 * after.right);
    EXPECT_GE(after.right, 0.9) << style;
    EXPECT_GE(after.claimed, 0.8) << style;
  }
}

TEST(BarFinder, TellsAWaltzFromFour) {
  for (const std::uint64_t seed : {5, 6}) {
    const auto piece = practice_piece("waltz", seed, 50.0);
    const After after = after_sixteen_bars(piece, analyse(piece.sound, piece.rate_hz));
    std::printf("%-16s claimed %3.0f%% right %3.0f%%\n", piece.name.c_str(), 100.0 * after.claimed,
                100.0 * after.right);
    EXPECT_GE(after.right, 0.9) << piece.name;
    EXPECT_GE(after.claimed, 0.5) << piece.name;
  }
}

TEST(BarFinder, ClaimsNothingWhereEveryBeatIsLikeTheOthers) {
  for (const double bpm : {122.0, 128.0, 138.0}) {
    for (const AudioFrame& hop : analyse(test::house_beat(bpm, 60.0, 0.1), 48000))
      ASSERT_EQ(hop.grid.bar_confidence, 0.0f) << bpm << " at " << hop.time_s;
  }
  for (const AudioFrame& hop : analyse(test::click_train(120.0, 40.0), 48000)) ASSERT_FALSE(bar_known(hop.grid));
  for (const AudioFrame& hop : analyse(test::noise(0.1, 30.0), 48000)) ASSERT_FALSE(bar_known(hop.grid));
}

TEST(BarFinder, KeepsTheBarThroughABreakOfFourBeatsAndForgetsItInALongSilence) {
  auto piece = practice_piece("house", 6, 60.0);
  const double from_s = piece.downbeats_s[18], to_s = piece.downbeats_s[19];
  const auto mute = [&](double first_s, double last_s) {
    std::fill(piece.sound.begin() + static_cast<std::ptrdiff_t>(first_s * piece.rate_hz),
              piece.sound.begin() + static_cast<std::ptrdiff_t>(last_s * piece.rate_hz), 0.0f);
  };
  mute(from_s, to_s - 0.02);
  mute(50.0, 60.0);
  const auto hops = analyse(piece.sound, piece.rate_hz);
  ASSERT_TRUE(bar_known(frame_at(hops, from_s).grid));
  for (std::size_t i = 0; i < piece.beats_s.size(); ++i) {
    const double t = piece.beats_s[i];
    if (t < from_s || t > 49.0) continue;
    const BeatGrid& grid = frame_at(hops, t).grid;
    EXPECT_TRUE(bar_known(grid)) << t;
    EXPECT_EQ(place_at(grid, t), static_cast<long>(i % 4)) << t;
  }
  EXPECT_FALSE(bar_known(hops.back().grid)) << "the next record may begin anywhere";
}

// Runs the finder on a piece with a grid that is given instead of heard. line: time -> grid of that moment; bpm: its
// tempo without what slides in, 0: that of the grid
std::vector<BeatGrid> found(const PracticePiece& piece, const std::function<BeatGrid(double)>& line, double bpm = 0.0) {
  Features features(piece.rate_hz);
  BarFinder finder(piece.rate_hz);
  std::vector<BeatGrid> grids;
  const auto hop = static_cast<std::size_t>(features.hop_samples());
  for (std::size_t at = 0; at + hop <= piece.sound.size(); at += hop) {
    const auto mono = std::span(piece.sound).subspan(at, hop);
    const double time_s = static_cast<double>(at + hop) / piece.rate_hz;
    BeatGrid grid = line(time_s);
    grid.confidence = 1.0f;
    finder.push(mono, features.analyse(mono), time_s, features.flux_delay_s(), false, bpm > 0.0 ? bpm : grid.bpm, grid);
    grids.push_back(grid);
  }
  return grids;
}

TEST(BarFinder, CarriesTheBarOverWhenTheTrackerDoublesItsTempo) {
  const auto piece = practice_piece("hip_hop", 6, 60.0);
  const double bpm = 60.0 / (piece.beats_s[1] - piece.beats_s[0]), change_s = piece.beats_s[70] + 0.1;
  const BeatGrid first{.anchor_s = piece.beats_s[0], .anchor_beat = 7.0, .bpm = bpm};
  BeatGrid second = first;  // beats go on at twice the tempo, and fall on whole numbers again where beats are
  second.anchor_s = piece.beats_s[70], second.anchor_beat = 77.0, second.bpm = 2.0 * bpm;
  const auto grids = found(piece, [&](double t) { return t < change_s ? first : second; });
  const auto grid_at = [&](double t) { return grids[static_cast<std::size_t>(t * 100.0)]; };
  ASSERT_TRUE(bar_known(grid_at(change_s - 0.05)));
  EXPECT_EQ(place_at(grid_at(change_s - 0.05), piece.beats_s[68]), 0);
  const BeatGrid after = grid_at(change_s + 0.05);
  EXPECT_TRUE(bar_known(after));
  EXPECT_EQ(place_at(after, piece.beats_s[72]), 0);
  EXPECT_EQ(place_at(after, piece.beats_s[73]), 2);
}

TEST(BarFinder, CarriesTheBarOverWhenTheTrackerLosesABeat) {
  const auto piece = practice_piece("house", 6, 50.0);
  const double bpm = 60.0 / (piece.beats_s[1] - piece.beats_s[0]);
  const BeatGrid first{.anchor_s = piece.beats_s[0], .anchor_beat = 2.0, .bpm = bpm};
  const auto grids = found(
      piece,
      [&](double t) {  // falls back by half a beat, and by another half two seconds later
        BeatGrid grid = first;
        grid.anchor_beat = first.beat_at(t), grid.anchor_s = t;
        for (const double from_s : {40.0, 42.0}) {
          grid.anchor_beat -= 0.5 * std::clamp(t - from_s, 0.0, 1.0);
          if (t > from_s && t < from_s + 1.0) grid.bpm = bpm - 30.0;
        }
        return grid;
      },
      bpm);
  const auto claim = [&](double t) { return grids[static_cast<std::size_t>(t * 100.0)]; };
  const double before_s = piece.downbeats_s[19], after_s = piece.downbeats_s[23];
  ASSERT_LT(before_s, 40.0);
  ASSERT_GT(after_s, 43.0);
  ASSERT_TRUE(bar_known(claim(before_s)));
  EXPECT_EQ(place_at(claim(before_s), before_s), 0);
  EXPECT_TRUE(bar_known(claim(after_s)));
  EXPECT_EQ(place_at(claim(after_s), after_s), 0);
  EXPECT_NE(claim(before_s).downbeat, claim(after_s).downbeat) << "it is another beat of the count";
}

TEST(BarFinder, BeginsAnewWithAnotherTempo) {
  const auto piece = practice_piece("house", 6, 45.0);
  const double bpm = 60.0 / (piece.beats_s[1] - piece.beats_s[0]);
  const BeatGrid first{.anchor_s = piece.beats_s[0], .anchor_beat = 0.0, .bpm = bpm};
  const auto grids = found(piece, [&](double t) {
    BeatGrid grid = first;
    if (t > 40.0) grid.anchor_beat = grid.beat_at(40.0), grid.anchor_s = 40.0, grid.bpm = 1.2 * bpm;
    return grid;
  });
  EXPECT_TRUE(bar_known(grids[3990]));
  EXPECT_FALSE(bar_known(grids[4010]));
}

TEST(BarFinder, TheHandGoesBeforeWhatIsHeard) {
  const auto piece = practice_piece("house", 6, 60.0);
  const auto hops = analyse(piece.sound, piece.rate_hz);
  Conductor conductor;
  const double resync_s = piece.beats_s[82], until_s = resync_s + 15.0;  // on a 3
  ASSERT_TRUE(bar_known(frame_at(hops, resync_s).grid));
  ASSERT_EQ(place_at(frame_at(hops, resync_s).grid, resync_s), 2);
  bool given = false;
  for (const AudioFrame& hop : hops) {
    if (hop.time_s > until_s) break;
    if (!given && hop.time_s >= resync_s) conductor.resync(hop.time_s), given = true;
    const BeatGrid& out = conductor.step(hop.time_s, {.tracker = hop.grid}, {});
    if (hop.time_s < resync_s - 1.0 && bar_known(hop.grid)) {
      ASSERT_TRUE(bar_known(out)) << "what is heard is danced to, before the hand says something else";
    }
    if (given) {
      ASSERT_EQ(place_at(out, resync_s), 0) << hop.time_s;
    }
  }
}

}  // namespace
}  // namespace ombra::audio
