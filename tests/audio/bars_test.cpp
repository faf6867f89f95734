// Where the bar begins, heard in practice music, and what must not be claimed or lost.

#include "audio/beat/analysis.hpp"
#include "audio/clocks/conductor.hpp"
#include "audio/signals.hpp"
#include "audio/testbench/beat_score.hpp"
#include "audio/testbench/practice_music.hpp"
#include "core/bar.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

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

TEST(Bars, FindsTheBarWithinSixteenBars) {
  for (const char* style : {"house", "hip_hop", "drum_and_bass"}) {
    const auto piece = practice_piece(style, 6, style == std::string("hip_hop") ? 65.0 : 50.0);
    const After after = after_sixteen_bars(piece, analyse(piece.sound, piece.rate_hz));
    std::printf("%-16s claimed %3.0f%% right %3.0f%%\n", piece.name.c_str(), 100.0 * after.claimed,
                100.0 * after.right);
    EXPECT_GE(after.right, 0.9) << style;
    EXPECT_GE(after.claimed, 0.8) << style;
  }
}

TEST(Bars, TellsAWaltzFromFour) {
  for (const std::uint64_t seed : {5, 6}) {
    const auto piece = practice_piece("waltz", seed, 50.0);
    const After after = after_sixteen_bars(piece, analyse(piece.sound, piece.rate_hz));
    std::printf("%-16s claimed %3.0f%% right %3.0f%%\n", piece.name.c_str(), 100.0 * after.claimed,
                100.0 * after.right);
    EXPECT_GE(after.right, 0.9) << piece.name;
    EXPECT_GE(after.claimed, 0.5) << piece.name;
  }
}

TEST(Bars, ClaimsNothingWhereEveryBeatIsLikeTheOthers) {
  for (const double bpm : {122.0, 128.0, 138.0}) {
    for (const AudioFrame& hop : analyse(test::house_beat(bpm, 60.0, 0.1), 48000))
      ASSERT_EQ(hop.grid.bar_confidence, 0.0f) << bpm << " at " << hop.time_s;
  }
  for (const AudioFrame& hop : analyse(test::click_train(120.0, 40.0), 48000)) ASSERT_FALSE(bar_known(hop.grid));
  for (const AudioFrame& hop : analyse(test::noise(0.1, 30.0), 48000)) ASSERT_FALSE(bar_known(hop.grid));
}

TEST(Bars, KeepsTheBarThroughABreakOfFourBeatsAndForgetsItInALongSilence) {
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

TEST(Bars, TheHandGoesBeforeWhatIsHeard) {
  const auto piece = practice_piece("house", 6, 60.0);
  const auto hops = analyse(piece.sound, piece.rate_hz);
  Conductor conductor;
  const double resync_s = piece.beats_s[82],
               until_s = resync_s + 15.0;  // on a 3
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
