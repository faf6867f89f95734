// Breaks, build-ups and phrases in hops that are made up: what is said of them, and when.

#include "audio/beat/sections.hpp"
#include "audio/beat/beat_sums.hpp"
#include "audio/beat/phrases.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

namespace ombra::audio {
namespace {

constexpr double kHopS = 0.01, kBpm = 120.0;
constexpr int kHopsPerBeat = 50;

struct Beat {
  double bass = 0.5, flux = 0.4, treble = 0.3;
  int attacks = 2;
};

// The frames of so many beats, each as beat(number) says. The grid counts them from 0 and knows the bar.
std::vector<AudioFrame> heard(int beats, const std::function<Beat(int)>& beat, bool bar_is_known = true) {
  BeatSums sums;
  Sections sections;
  Phrases phrases;
  std::vector<AudioFrame> frames;
  std::uint64_t onsets = 0;
  for (int i = 0; i < beats * kHopsPerBeat; ++i) {
    const Beat b = beat(i / kHopsPerBeat);
    const int in_beat = i % kHopsPerBeat, apart = kHopsPerBeat / std::max(1, b.attacks);
    const bool attack = b.attacks > 0 && in_beat % apart == 0 && in_beat / apart < b.attacks;
    HopFeatures hop;
    hop.reference = 0.2;
    hop.rms = 0.1;
    hop.bass_rms = 0.2 * b.bass;
    hop.flux = attack ? 6.0 * b.flux : 0.02;
    hop.treble = static_cast<float>(b.treble);
    onsets += attack ? 1 : 0;
    AudioFrame frame;
    frame.silent = false;
    frame.time_s = i * kHopS;
    frame.grid = {.anchor_s = frame.time_s, .anchor_beat = i * kHopS * kBpm / 60.0 + 1e-9, .bpm = kBpm};
    frame.grid.bar_confidence = bar_is_known ? 0.9f : 0.0f;
    const bool ended = sums.push(hop, onsets, frame.grid, false);
    sections.push(sums, ended, 0, kHopS, frame);
    phrases.push(sums, ended, frame);
    frames.push_back(frame);
  }
  return frames;
}

const AudioFrame& at_beat(const std::vector<AudioFrame>& frames, double beat) {
  return frames[static_cast<std::size_t>(beat * kHopsPerBeat)];
}

// Thirty-two beats with drums, a break of sixteen that builds up, and drums again.
Beat with_a_break(int number) {
  if (number < 32 || number >= 48) return {};
  if (number < 40) return {.bass = 0.02, .flux = 0.05, .treble = 0.1, .attacks = 1};
  const double t = (number - 40) / 8.0;
  return {.bass = 0.02, .flux = 0.05 + 0.3 * t, .treble = 0.1 + 0.4 * t, .attacks = 1 + static_cast<int>(7.0 * t)};
}

TEST(Sections, ABreakIsCalmFromItsFourthBeatOnAndEndsWithTheDrums) {
  const auto frames = heard(64, with_a_break);
  EXPECT_LT(at_beat(frames, 31.5).form.calm, 0.01f);
  EXPECT_GT(at_beat(frames, 38.0).form.calm, 0.9f);
  EXPECT_LT(at_beat(frames, 52.0).form.calm, 0.1f);
  EXPECT_EQ(frames.back().form.change_count, 2u) << "it begins and ends";
}

TEST(Sections, ABuildUpRisesAndTheDropIsSaidABeatAhead) {
  const auto frames = heard(64, with_a_break);
  EXPECT_LT(at_beat(frames, 39.5).form.build, 0.1f);
  EXPECT_GT(at_beat(frames, 47.5).form.build, 0.4f);
  EXPECT_GT(at_beat(frames, 47.5).form.ahead, 0.5f);
  for (const double beat : {10.5, 31.5, 36.5, 45.5, 50.5, 60.5})
    EXPECT_LT(at_beat(frames, beat).form.ahead, 0.4f) << beat;
}

TEST(Sections, SteadyMusicHasNone) {
  for (const AudioFrame& frame : heard(200, [](int number) { return Beat{.flux = number % 2 == 0 ? 0.5 : 0.35}; })) {
    ASSERT_EQ(frame.form.change_count, 0u) << frame.time_s;
    ASSERT_EQ(frame.form.ahead, 0.0f);
    ASSERT_LT(frame.form.build, 0.2f);
  }
}

TEST(Sections, MusicWithoutBassIsNoBreak) {
  for (const AudioFrame& frame : heard(64, [](int number) { return Beat{.bass = number % 16 < 8 ? 0.02 : 0.002}; })) {
    ASSERT_EQ(frame.form.change_count, 0u) << "as through a telephone";
    ASSERT_LT(frame.form.calm, 0.01f);
  }
}

TEST(Sections, AQuieterRecordIsNotABreakForEver) {
  const auto frames = heard(240, [](int number) { return number < 40 ? Beat{} : Beat{.bass = 0.1, .flux = 0.1}; });
  EXPECT_GT(at_beat(frames, 60.0).form.calm, 0.9f);
  EXPECT_LT(at_beat(frames, 150.0).form.calm, 0.01f);
}

TEST(Phrases, AFillAndACrashTellWhereTheyBegin) {
  for (const int length : {4, 8}) {
    const int first_bar = 2;
    const auto frames = heard(4 * 64, [&](int number) {
      const int bar = number / 4 - first_bar, in_phrase = ((bar % length) + length) % length;
      if (in_phrase == 0 && number % 4 == 0) return Beat{.flux = 0.6, .treble = 0.8};
      if (in_phrase == length - 1 && number % 4 == 3) return Beat{.flux = 0.5, .attacks = 6};
      return Beat{};
    });
    const AudioFrame& last = frames.back();
    ASSERT_EQ(last.form.phrase_bars, length);
    EXPECT_GT(last.form.phrase_confidence, 0.6f);
    const double phrases = (first_bar * 4 - last.form.phrase) / (4.0 * length);
    EXPECT_NEAR(phrases, std::round(phrases), 1e-6) << length;
  }
}

TEST(Phrases, NothingIsClaimedWhereBarsAreAlikeOrNotKnown) {
  for (const bool known : {true, false}) {
    for (const AudioFrame& frame : heard(
             4 * 64, [](int) { return Beat{}; }, known))
      ASSERT_EQ(frame.form.phrase_bars, 0);
  }
}

}  // namespace
}  // namespace ombra::audio
