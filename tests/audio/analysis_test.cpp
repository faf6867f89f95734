#include "audio/beat/analysis.hpp"

#include "audio/signals.hpp"
#include "core/rng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace ombra::audio {
namespace {

std::vector<float> scaled(std::vector<float> sound, double db) {
  const auto factor = static_cast<float>(std::pow(10.0, db / 20.0));
  for (float& x : sound) x *= factor;
  return sound;
}

TEST(Analysis, QuietMicrophoneAndHotLineGiveTheSameStrengths) {
  const auto sound = test::house_beat(124.0, 20.0);
  const auto hot = analyse(scaled(sound, -3.0), 48000), quiet = analyse(scaled(sound, -40.0), 48000);
  ASSERT_EQ(hot.size(), quiet.size());
  double level = 0.0, bass = 0.0, onset = 0.0;
  const std::size_t from = 500;
  for (std::size_t i = from; i < hot.size(); ++i) {
    level += std::abs(hot[i].level - quiet[i].level);
    bass += std::abs(hot[i].bass - quiet[i].bass);
    onset += std::abs(hot[i].onset - quiet[i].onset);
  }
  const auto n = static_cast<double>(hot.size() - from);
  EXPECT_LT(level / n, 0.05);
  EXPECT_LT(bass / n, 0.05);
  EXPECT_LT(onset / n, 0.02);
  EXPECT_EQ(hot.back().onset_count, quiet.back().onset_count);
  EXPECT_NEAR(hot.back().grid.bpm, quiet.back().grid.bpm, 0.2);
  EXPECT_NEAR(quiet.back().gain_db - hot.back().gain_db, 37.0, 1.0);
}

TEST(Analysis, BlocksOfAnySizeGiveTheSameFrames) {
  auto sound = test::house_beat(128.0, 6.0);
  const auto whole = analyse(sound, 48000);
  Analyser analyser(48000);
  Rng rng(3);
  std::vector<AudioFrame> pieces;
  AudioFrame frame;
  for (std::size_t at = 0; at < sound.size();) {
    const std::size_t n = std::min(sound.size() - at, static_cast<std::size_t>(1 + rng.below(3000)));
    std::span<const float> block = std::span(sound).subspan(at, n);
    at += n;
    while (!block.empty()) {
      if (analyser.take(block, static_cast<double>(at) / 48000.0, frame)) pieces.push_back(frame);
    }
  }
  ASSERT_EQ(pieces.size(), whole.size());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    ASSERT_NEAR(pieces[i].time_s, whole[i].time_s, 1e-9);
    ASSERT_EQ(pieces[i].level, whole[i].level);
    ASSERT_EQ(pieces[i].bass, whole[i].bass);
    ASSERT_EQ(pieces[i].flux, whole[i].flux);
    ASSERT_EQ(pieces[i].onset_count, whole[i].onset_count);
    ASSERT_NEAR(pieces[i].grid.anchor_beat, whole[i].grid.anchor_beat, 1e-6);
  }
}

TEST(Analysis, WithoutAnEarTheBeatRunsOnAndIsNotClaimed) {
  const auto sound = test::house_beat(128.0, 6.0);
  Analyser analyser(48000, {.bpm = 100.0}, nullptr);
  AudioFrame frame;
  for (std::span<const float> rest = sound; analyser.take(rest, 6.0, frame);) {
    ASSERT_EQ(frame.grid.confidence, 0.0f);
    ASSERT_EQ(frame.grid.bar_confidence, 0.0f);
    ASSERT_EQ(frame.grid.bpm, 100.0);
  }
  EXPECT_NEAR(frame.grid.anchor_beat, 10.0, 0.05);
  EXPECT_GT(frame.onset_count, 8u) << "the rest is heard";
}

TEST(Analysis, SameSoundSameFrames) {
  const auto sound = test::house_beat(128.0, 3.0);
  const auto a = analyse(sound, 48000), b = analyse(sound, 48000);
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a[i].level, b[i].level);
    ASSERT_EQ(a[i].grid.anchor_beat, b[i].grid.anchor_beat);
  }
}

TEST(Analysis, OneOnsetForEachClick) {
  for (const double bpm : {90.0, 130.0, 170.0}) {
    const auto frames = analyse(test::click_train(bpm, 20.0), 48000);
    const double clicks = std::floor((20.0 - 0.25) * bpm / 60.0) + 1.0;
    const std::uint64_t at_start = frames[20].onset_count;  // the noise itself begins with one
    EXPECT_NEAR(static_cast<double>(frames.back().onset_count - at_start), clicks, 1.0) << bpm;
  }
}

TEST(Analysis, OnsetIsFoundWithinThirtyMillisecondsAndDecays) {
  auto sound = test::noise(2e-3, 4.0);
  test::add_click(sound, 2.0, 0.5);
  const auto frames = analyse(sound, 48000);
  const std::uint64_t before = frames[199].onset_count;  // ends at 2.00 s
  const auto found =
      std::find_if(frames.begin() + 199, frames.end(), [&](const auto& f) { return f.onset_count > before; });
  ASSERT_NE(found, frames.end());
  EXPECT_LE(found->time_s, 2.03);
  EXPECT_GT(frames[204].onset, 0.5f);
  EXPECT_LT(frames[226].onset, 0.1f);
}

TEST(Analysis, SilenceAndHissAreSilentAndGiveNoOnsets) {
  const auto nothing = analyse(std::vector<float>(48000 * 4, 0.0f), 48000);
  EXPECT_TRUE(nothing.back().silent);
  EXPECT_EQ(nothing.back().onset_count, 0u);
  EXPECT_EQ(nothing.back().level, 0.0f);
  EXPECT_FLOAT_EQ(nothing.back().input_dbfs, -120.0f);
  const auto hiss = analyse(test::noise(1e-4, 4.0), 48000);  // -80 dBFS
  EXPECT_TRUE(hiss.back().silent);
  EXPECT_EQ(hiss.back().onset_count, 0u);
  EXPECT_LT(hiss.back().level, 0.02f);
}

TEST(Analysis, NanAndInfinityAreScrubbed) {
  auto sound = test::house_beat(124.0, 8.0);
  for (std::size_t i = 1000; i < sound.size(); i += 5000) {
    sound[i] = std::numeric_limits<float>::quiet_NaN();
    sound[i + 1] = std::numeric_limits<float>::infinity();
    sound[i + 2] = -std::numeric_limits<float>::infinity();
    sound[i + 3] = 1e30f;
  }
  const auto frames = analyse(sound, 48000);
  for (const auto& f : frames) {
    for (const float x : {f.level, f.bass, f.mid, f.treble, f.onset, f.flux, f.drop, f.input_dbfs, f.gain_db}) {
      ASSERT_TRUE(std::isfinite(x));
    }
    ASSERT_TRUE(std::isfinite(f.grid.anchor_beat) && std::isfinite(f.grid.bpm));
    ASSERT_TRUE(f.level >= 0.0f && f.level <= 1.0f);
  }
}

TEST(Analysis, ClippingIsSeen) {
  EXPECT_TRUE(analyse(test::sine(200.0, 1.0, 0.5), 48000).back().clipping);
  EXPECT_FALSE(analyse(test::sine(200.0, 0.9, 0.5), 48000).back().clipping);
}

TEST(Analysis, MonoIsTheMeanOfTheFirstTwoChannels) {
  const std::vector<float> three = {1.0f, 0.0f, 9.0f, 0.5f, 0.5f, 9.0f};
  EXPECT_EQ(mix_to_mono(three, 3), (std::vector<float>{0.5f, 0.5f}));
  EXPECT_EQ(mix_to_mono(three, 1), three);
}

}  // namespace
}  // namespace ombra::audio
