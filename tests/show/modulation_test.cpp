#include "show/params/modulation.hpp"

#include "core/arithmetic.hpp"
#include "show/params/show_params.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace ombra::show {
namespace {

struct Table {
  ShowParams params{{"ember", "paper"}};
  Modulation modulation;

  explicit Table(ModulationRow row, FloatParam ShowParams::*target = &ShowParams::glow) {
    row.target = (params.*target).index;
    modulation.set_rows({row}, params);
    params.set((params.*target).index, 0.0);
  }
  float step(const AudioFrame& audio, double seconds, double beat = 0.0) {
    modulation.apply(params, audio, beat, seconds);
    return params.get(params.glow);
  }
};

AudioFrame loud(float level) {
  AudioFrame frame;
  frame.level = level;
  return frame;
}

TEST(Modulation, WithoutTimeConstantsFollowsAtOnce) {
  Table table({.source = ModulationSource::kLevel, .amount = 0.5f, .attack_s = 0.0f, .release_s = 0.0f});
  EXPECT_FLOAT_EQ(table.step(loud(1.0f), 0.016), 0.5f);
  EXPECT_FLOAT_EQ(table.step(loud(0.4f), 0.016), 0.2f);
  EXPECT_FLOAT_EQ(table.step(loud(0.0f), 0.016), 0.0f);
}

TEST(Modulation, RisesWithAttackAndFallsWithRelease) {
  Table table({.source = ModulationSource::kLevel, .amount = 1.0f, .attack_s = 0.1f, .release_s = 0.5f});
  float value = 0.0f;
  for (int i = 0; i < 10; ++i) value = table.step(loud(1.0f), 0.01);  // one attack time
  EXPECT_NEAR(value, 1.0 - std::exp(-1.0), 1e-4);
  const float top = value;
  for (int i = 0; i < 50; ++i) value = table.step(loud(0.0f), 0.01);  // one release time
  EXPECT_NEAR(value, top * std::exp(-1.0), 1e-4);
}

TEST(Modulation, IsTheSameAtEveryFrameRate) {
  Table slow({.source = ModulationSource::kLevel, .amount = 1.0f, .attack_s = 0.2f});
  Table fast({.source = ModulationSource::kLevel, .amount = 1.0f, .attack_s = 0.2f});
  float a = 0.0f, b = 0.0f;
  for (int i = 0; i < 6; ++i) a = slow.step(loud(0.8f), 1.0 / 30.0);
  for (int i = 0; i < 24; ++i) b = fast.step(loud(0.8f), 1.0 / 120.0);
  EXPECT_NEAR(a, b, 1e-5);
}

TEST(Modulation, RowsAddUpAndStayInsideTheRange) {
  ShowParams params({"ember"});
  Modulation modulation;
  ModulationRow row{
      .source = ModulationSource::kLevel, .amount = 0.3f, .attack_s = 0.0f, .target = params.temperature.index};
  modulation.set_rows({row, row}, params);
  params.set(params.temperature.index, 0.4);
  modulation.apply(params, loud(1.0f), 0.0, 0.01);
  EXPECT_NEAR(params.get(params.temperature), 0.4 + 0.6 * 1.6, 1e-6);
  row.amount = 1.0f;
  modulation.set_rows({row, row}, params);
  modulation.apply(params, loud(1.0f), 0.0, 0.01);
  EXPECT_FLOAT_EQ(params.get(params.temperature), 1.6f);
  row.amount = -1.0f;
  modulation.set_rows({row, row}, params);
  modulation.apply(params, loud(1.0f), 0.0, 0.01);
  EXPECT_FLOAT_EQ(params.get(params.temperature), 0.0f);
  modulation.set_rows({}, params);
  modulation.apply(params, loud(1.0f), 0.0, 0.01);
  EXPECT_FLOAT_EQ(params.get(params.temperature), 0.4f) << "without rows the operator's value is back";
}

TEST(Modulation, ATurnCirclesOnWithoutALeap) {
  ShowParams params({"ember"});
  Modulation modulation;
  modulation.set_rows(
      {{.source = ModulationSource::kTurn, .amount = 1.0f, .beats = 8.0f, .target = params.orbit.index}}, params);
  params.set(params.orbit.index, 100.0);
  constexpr double kStepS = 1.0 / 60.0;
  double before = 0.0, turned = 0.0;
  for (int i = 0; i < 60 * 40; ++i) {  // 80 beats: ten turns
    modulation.apply(params, {}, 2.0 * kStepS * i, kStepS);
    const double now = params.get(params.orbit);
    ASSERT_TRUE(now >= -180.0 && now <= 180.0) << now;
    const double step = 360.0 * wrapped((now - before) / 360.0);
    if (i > 60) {
      ASSERT_NEAR(step, 360.0 * 2.0 * kStepS / 8.0, 0.05) << i;
      turned += step;
    }
    before = now;
  }
  EXPECT_NEAR(turned, 360.0 * (2.0 * (40.0 - 61.0 / 60.0) / 8.0), 3.0);
}

TEST(Modulation, ADropFiresTheJumpOnceUntilItIsOver) {
  ShowParams params({"ember"});
  Modulation modulation;
  modulation.set_rows(Modulation::default_rows(params), params);
  AudioFrame audio;
  int jumps = 0;
  const auto step = [&](float drop) {
    audio.drop = drop;
    modulation.apply(params, audio, 0.0, 1.0 / 60.0);
    jumps += params.fired(params.jump) ? 1 : 0;
    params.end_triggers();
  };
  for (int i = 0; i < 30; ++i) step(0.0f);
  EXPECT_EQ(jumps, 0);
  for (int i = 0; i < 60; ++i) step(1.0f - static_cast<float>(i) / 60.0f);
  EXPECT_EQ(jumps, 1);
  for (int i = 0; i < 60; ++i) step(0.0f);
  step(1.0f);
  EXPECT_EQ(jumps, 2);
}

TEST(Modulation, DefaultRowsAreThoseThatTheShowPromises) {
  ShowParams params({"ember"});
  std::string rows;
  for (const ModulationRow& row : Modulation::default_rows(params)) {
    rows += std::string(source_name(row.source)) + ">" + params.declaration(row.target).path + " ";
  }
  EXPECT_EQ(rows,
            "level>dancer/temperature level>dancer/energy bass>look/glow drop>dancer/jump "
            "level>look/swell bass>look/throb onset>look/flash ");
}

TEST(Modulation, TheLightFollowsQuicklyUpAndSlowlyDown) {
  ShowParams params({"ember"});
  Modulation modulation;
  modulation.set_rows(Modulation::light_rows(params), params);
  AudioFrame audio;
  const auto after = [&](float strength, double seconds) {
    audio.level = audio.bass = audio.onset = strength;
    modulation.apply(params, audio, 0.0, seconds);
    return params.look_controls();
  };
  const stage::LookControls up = after(1.0f, 0.03), down = after(0.0f, 0.22);
  EXPECT_NEAR(up.swell, 1.0 - std::exp(-0.03 / 0.05), 1e-5);
  EXPECT_NEAR(up.throb, 1.0 - std::exp(-1.0), 1e-5);
  EXPECT_EQ(up.flash, 1.0f);
  EXPECT_NEAR(down.swell, up.swell * std::exp(-0.22 / 0.3), 1e-5);
  EXPECT_NEAR(down.throb, up.throb * std::exp(-1.0), 1e-5);
  EXPECT_EQ(down.flash, 0.0f);
}

TEST(Modulation, BeatSourcesFollowTheBeat) {
  const AudioFrame audio;
  EXPECT_FLOAT_EQ(source_value(ModulationSource::kBeat, audio, 7.0, 4.0f, 1), 1.0f);
  EXPECT_LT(source_value(ModulationSource::kBeat, audio, 7.5, 4.0f, 1), 0.2f);
  EXPECT_FLOAT_EQ(source_value(ModulationSource::kBeat, audio, 7.9, 4.0f, 1), 0.0f);
  EXPECT_FLOAT_EQ(source_value(ModulationSource::kBar, audio, 8.0, 4.0f, 1), 1.0f);
  EXPECT_LT(source_value(ModulationSource::kBar, audio, 9.0, 4.0f, 1), 0.5f);
  AudioFrame waltz = audio;
  waltz.grid.downbeat = 1.0, waltz.grid.beats_per_bar = 3;
  EXPECT_FLOAT_EQ(source_value(ModulationSource::kBar, waltz, 10.0, 4.0f, 1), 1.0f);
  EXPECT_LT(source_value(ModulationSource::kBar, waltz, 9.0, 4.0f, 1), 0.5f);
  EXPECT_NEAR(source_value(ModulationSource::kLfo, audio, 2.0, 8.0f, 1), 1.0f, 1e-6f);
  EXPECT_NEAR(source_value(ModulationSource::kLfo, audio, 6.0, 8.0f, 1), -1.0f, 1e-6f);
  EXPECT_NEAR(source_value(ModulationSource::kLfo, audio, -6.0, 8.0f, 1), 1.0f, 1e-6f) << "before beat 0 as well";
  EXPECT_NEAR(source_value(ModulationSource::kTurn, audio, 6.0, 8.0f, 1), 0.75f, 1e-6f);
  EXPECT_NEAR(source_value(ModulationSource::kTurn, audio, -2.0, 8.0f, 1), 0.75f, 1e-6f);
}

TEST(Modulation, NoiseIsDeterministicSmoothAndItsOwnInEveryRow) {
  const AudioFrame audio;
  float previous = source_value(ModulationSource::kNoise, audio, -20.0, 4.0f, 1), least = previous, most = previous;
  double apart = 0.0;
  for (double beat = -20.0; beat < 200.0; beat += 0.05) {
    const float value = source_value(ModulationSource::kNoise, audio, beat, 4.0f, 1);
    EXPECT_EQ(value, source_value(ModulationSource::kNoise, audio, beat, 4.0f, 1));
    EXPECT_LT(std::abs(value - previous), 0.05f) << "at beat " << beat;
    apart += std::abs(value - source_value(ModulationSource::kNoise, audio, beat, 4.0f, 2));
    previous = value, least = std::min(least, value), most = std::max(most, value);
  }
  EXPECT_LT(least, -0.7f);
  EXPECT_GT(most, 0.7f);
  EXPECT_GT(apart / 4400.0, 0.2);
}

TEST(Modulation, CleansHostileRows) {
  ShowParams params({"ember"});
  Modulation modulation;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  ModulationRow row{.amount = nan, .attack_s = -3.0f, .release_s = nan, .beats = 0.0f, .target = params.glow.index};
  std::vector<ModulationRow> rows(1000, row);
  rows[0].target = 9999;
  rows[1].target = params.count.index;
  modulation.set_rows(rows, params);
  EXPECT_EQ(modulation.rows().size(), Modulation::kMaxRows);
  AudioFrame audio = loud(nan);
  modulation.apply(params, audio, 0.0, 0.01);
  modulation.apply(params, loud(1.0f), 1e12, -1.0);
  EXPECT_TRUE(std::isfinite(params.get(params.glow)));
  EXPECT_FLOAT_EQ(modulation.rows()[0].attack_s, 0.0f);
}

TEST(Modulation, SectionsAndPhrasesAreSources) {
  AudioFrame audio;
  audio.form.calm = 0.1f, audio.form.build = 0.2f, audio.form.change = 0.3f, audio.form.ahead = 0.4f;
  const auto value = [&](ModulationSource source, double beat = 0.0) {
    return source_value(source, audio, beat, 4.0f, 1);
  };
  EXPECT_FLOAT_EQ(value(ModulationSource::kBreak), 0.1f);
  EXPECT_FLOAT_EQ(value(ModulationSource::kBuild), 0.2f);
  EXPECT_FLOAT_EQ(value(ModulationSource::kChange), 0.3f);
  EXPECT_FLOAT_EQ(value(ModulationSource::kAhead), 0.4f);
  audio.form.phrase = 4.0, audio.form.phrase_bars = 8;
  EXPECT_FLOAT_EQ(value(ModulationSource::kPhrase, 36.0), 1.0f);
  EXPECT_LT(value(ModulationSource::kPhrase, 20.0), 0.2f);
  audio.form.phrase_bars = 0;
  EXPECT_FLOAT_EQ(value(ModulationSource::kPhrase, 16.0), 1.0f) << "four bars where they are not known";
}

TEST(Modulation, SourceNamesReadBack) {
  for (int i = 0; i < kSources; ++i) {
    const auto source = static_cast<ModulationSource>(i);
    EXPECT_EQ(find_source(source_name(source)), source);
  }
  EXPECT_FALSE(find_source("loudness").has_value());
}

}  // namespace
}  // namespace ombra::show
