#include "audio/beat/analysis.hpp"
#include "audio/signals.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

namespace ombra::audio {
namespace {

double median_bpm(std::span<const AudioFrame> frames) {
  std::vector<double> bpm;
  for (const auto& frame : frames) bpm.push_back(frame.grid.bpm);
  std::nth_element(bpm.begin(), bpm.begin() + static_cast<std::ptrdiff_t>(bpm.size() / 2), bpm.end());
  return bpm[bpm.size() / 2];
}

// -> the largest distance in s between the beat that each frame predicts next and the nearest sound at first_s + k *
// period_s
double worst_phase_s(std::span<const AudioFrame> frames, double first_s, double period_s) {
  double worst = 0.0;
  for (const auto& frame : frames) {
    const double beats = (frame.grid.time_of(std::ceil(frame.grid.anchor_beat + 1e-9)) - first_s) / period_s;
    worst = std::max(worst, std::abs(beats - std::round(beats)) * period_s);
  }
  return worst;
}

TEST(Beat, ClickTrainsGiveTempoWithinOnePercentAndPhaseWithinThirtyMillisecondsAndAreNoMultiples) {
  std::vector<double> tempi = {60.0, 63.0, 66.0, 69.0, 72.0, 75.0};
  for (double bpm = 80.0; bpm <= 190.0; bpm += 10.0) tempi.push_back(bpm);
  for (const double bpm : tempi) {
    const auto frames = analyse(test::click_train(bpm, 24.0), 48000);
    const std::span last(frames.data() + 1200, frames.size() - 1200);
    EXPECT_NEAR(median_bpm(last), bpm, 0.01 * bpm);
    EXPECT_LT(worst_phase_s(last, 0.25, 60.0 / bpm), 0.030) << bpm;
    for (const AudioFrame& frame : last) ASSERT_NEAR(frame.grid.bpm, bpm, 0.1 * bpm) << "at " << frame.time_s << " s";
    EXPECT_GT(last.back().grid.confidence, bpm < 150.0 ? 0.7f : 0.1f) << bpm;
  }
}

TEST(Beat, FallsOnTheKickAndNotOnTheHatBetween) {
  for (const double bpm : {90.0, 97.0, 118.0, 124.0, 128.0, 140.0, 150.0}) {
    const auto frames = analyse(test::house_beat(bpm, 16.0, 0.1), 48000);
    const std::span last(frames.data() + frames.size() - 600, 600);
    EXPECT_NEAR(median_bpm(last), bpm, 0.01 * bpm);
    EXPECT_LT(worst_phase_s(last, 0.1, 60.0 / bpm), 0.020) << bpm;
  }
}

// Bass drum on the beat, a hat and a bass note as clear between: only how hard each is struck tells which is the beat.
// (At 90 and 100 both are taken for beats.)
TEST(Beat, TheHardStrokeIsTheBeatWhereBassAndHatAnswerIt) {
  for (const double bpm : {110.0, 126.0, 174.0}) {
    constexpr int kRate = 48000;
    const double period_s = 60.0 / bpm, seconds = 30.0;
    auto sound = test::noise(1e-4, seconds, kRate);
    for (int beat = 0; 0.1 + beat * period_s < seconds; ++beat) {
      const double at_s = 0.1 + beat * period_s, between_s = at_s + 0.5 * period_s;
      test::add_kick(sound, at_s, 0.8, kRate);
      test::add_click(sound, between_s, 0.12, kRate);
      const double hz = std::array{55.0, 65.4, 49.0, 58.3}[static_cast<std::size_t>(beat / 4 % 4)];
      const auto first = static_cast<std::size_t>(between_s * kRate);
      for (std::size_t i = 0; i < kRate * 3 / 10 && first + i < sound.size(); ++i) {
        const double t = static_cast<double>(i) / kRate, turns = 2.0 * std::numbers::pi * hz * t;
        sound[first + i] +=
            static_cast<float>(0.22 * std::exp(-5.0 * t) * (std::sin(turns) + 0.4 * std::sin(2.0 * turns)));
      }
    }
    const auto frames = analyse(sound, kRate);
    const std::span last(frames.data() + frames.size() - 1000, 1000);
    EXPECT_NEAR(median_bpm(last), bpm, 0.01 * bpm);
    EXPECT_LT(worst_phase_s(last, 0.1, period_s), 0.030) << bpm;
  }
}

// A house beat at 124 BPM that is half a beat late from 6 s on, for so many beats.
std::vector<float> turned_house(int beats, double seconds) {
  constexpr double kPeriodS = 60.0 / 124.0;
  auto sound = test::house_beat(124.0, seconds, 0.1);
  const auto late = test::house_beat(124.0, seconds, 0.1 + 0.5 * kPeriodS);
  const auto first = static_cast<std::ptrdiff_t>((0.1 + 11.75 * kPeriodS) * 48000.0);
  const auto count = std::min(static_cast<std::ptrdiff_t>(beats * kPeriodS * 48000.0), std::ssize(sound) - first);
  std::copy_n(late.begin() + first, count, sound.begin() + first);
  return sound;
}

TEST(Beat, APassageThatIsHalfABeatOffTurnsNothing) {
  const auto frames = analyse(turned_house(14, 16.0), 48000);
  EXPECT_LT(worst_phase_s(std::span(frames).subspan(500), 0.1, 60.0 / 124.0), 0.030);
}

TEST(Beat, AHalfBeatThatStaysIsFollowed) {
  const auto frames = analyse(turned_house(1000, 30.0), 48000);
  EXPECT_LT(worst_phase_s(std::span(frames).last(300), 0.1 + 30.0 / 124.0, 60.0 / 124.0), 0.030);
}

TEST(Beat, LocksWithinFiveSecondsAtEveryInputRate) {
  for (const int rate : {16000, 44100, 96000}) {
    const auto frames = analyse(test::house_beat(126.0, 8.0, 0.1, rate), rate);
    const std::span last(frames.data() + 500, frames.size() - 500);
    EXPECT_LT(worst_phase_s(last, 0.1, 60.0 / 126.0), 0.030) << rate;
  }
}

TEST(Beat, GridIsContinuousAndRisesThroughATempoChange) {
  auto sound = test::house_beat(120.0, 12.0);
  const auto faster = test::house_beat(133.0, 20.0);
  sound.insert(sound.end(), faster.begin(), faster.end());
  const auto frames = analyse(sound, 48000);
  for (std::size_t i = 1; i < frames.size(); ++i) {
    const auto& before = frames[i - 1].grid;
    const auto& now = frames[i].grid;
    const double t = frames[i].time_s;
    ASSERT_NEAR(before.beat_at(t), now.beat_at(t), 1e-9) << t;             // no jump
    ASSERT_GT(now.beat_at(t), before.beat_at(frames[i - 1].time_s)) << t;  // never back
    ASSERT_GT(now.bpm, 25.0);
  }
  const std::span last(frames.data() + frames.size() - 300, 300);
  EXPECT_NEAR(median_bpm(last), 133.0, 1.33);
  EXPECT_LT(worst_phase_s(last, 12.0, 60.0 / 133.0), 0.030);
}

TEST(Beat, RunsOnInSilenceWithConfidenceZero) {
  auto sound = test::house_beat(128.0, 10.0);
  sound.resize(sound.size() + 48000 * 10, 0.0f);
  const auto frames = analyse(sound, 48000);
  EXPECT_GT(frames[950].grid.confidence, 0.8f);
  EXPECT_EQ(frames.back().grid.confidence, 0.0f);
  EXPECT_NEAR(frames.back().grid.bpm, 128.0, 1.3);
  const double beats = frames.back().grid.anchor_beat - frames[1000].grid.anchor_beat;
  EXPECT_NEAR(beats, (frames.back().time_s - frames[1000].time_s) * 128.0 / 60.0, 0.25);
}

TEST(Beat, HasNoConfidenceInNoise) {
  const auto frames = analyse(test::noise(0.1, 15.0), 48000);
  for (std::size_t i = 500; i < frames.size(); ++i) ASSERT_LT(frames[i].grid.confidence, 0.25f);
}

// four bars of beat, then bars without bass, then the beat again
std::vector<float> with_break(double bars_without_bass) {
  const double bar_s = 4.0 * 60.0 / 124.0;
  auto sound = test::house_beat(124.0, 8.0 * bar_s);
  auto quiet = test::click_train(248.0, bars_without_bass * bar_s, 0.0);
  for (float& x : quiet) x *= 0.4f;
  const auto again = test::house_beat(124.0, 6.0 * bar_s);
  sound.insert(sound.end(), quiet.begin(), quiet.end());
  sound.insert(sound.end(), again.begin(), again.end());
  return sound;
}

TEST(Drop, IsFoundWhenTheBassReturnsAfterFourBars) {
  const auto frames = analyse(with_break(4.0), 48000);
  ASSERT_EQ(frames.back().drop_count, 1u);
  const auto drop = std::find_if(frames.begin(), frames.end(), [](const auto& f) { return f.drop_count == 1; });
  const double bass_s = 12.0 * 4.0 * 60.0 / 124.0;
  EXPECT_GE(drop->time_s, bass_s);
  EXPECT_LE(drop->time_s, bass_s + 0.25);
  EXPECT_FLOAT_EQ(drop->drop, 1.0f);
  EXPECT_LT((drop + 105)->drop, 0.01f);
}

TEST(Drop, IsNotFoundAfterOneBarOrAtTheStartOfAPieceOrInSteadyMusic) {
  EXPECT_EQ(analyse(with_break(1.0), 48000).back().drop_count, 0u);
  auto pause = test::house_beat(124.0, 8.0);
  pause.resize(pause.size() + 48000 * 8, 0.0f);
  const auto again = test::house_beat(124.0, 8.0);
  pause.insert(pause.end(), again.begin(), again.end());
  EXPECT_EQ(analyse(pause, 48000).back().drop_count, 0u);
  EXPECT_EQ(analyse(test::house_beat(124.0, 30.0), 48000).back().drop_count, 0u);
}

}  // namespace
}  // namespace ombra::audio
