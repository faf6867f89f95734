// The bar pointer on an ear that is made up: what it believes, and how soon.

#include "audio/beat/bar_pointer.hpp"
#include "audio/beat/bar_claim.hpp"
#include "audio/made_up_ear.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <vector>

namespace ombra::audio {
namespace {

constexpr double kHopS = 0.01;

using Ear = test::MadeUpEar;

void hear(BarPointer& pointer, const Ear& ear, double from_s, double to_s) {
  for (double t = from_s + kHopS; t < to_s + 1e-9; t += kHopS) pointer.push(ear.says_at(t));
}

TEST(BarPointer, FindsPlaceAndPeriodOfEveryTempo) {
  for (const double bpm : {56.0, 70.0, 90.0, 120.0, 128.0, 160.0, 199.0}) {
    BarPointer pointer(kHopS);
    const Ear ear{.bpm = bpm, .knows_tempo = true};
    hear(pointer, ear, 0.0, 12.0);
    const auto belief = pointer.likeliest();
    EXPECT_NEAR(60.0 / belief.period_s, bpm, 0.02 * bpm);
    const double beats = (12.0 - ear.first_s) * bpm / 60.0, off = beats - belief.beat;
    EXPECT_LT(std::abs(off - std::round(off)), 0.06) << bpm;
    EXPECT_GT(belief.mass, 0.6) << bpm;
  }
}

TEST(BarPointer, TheEarsWordOnTheTempoTellsABeatFromItsHalves) {
  for (const bool knows : {false, true}) {
    BarPointer pointer(kHopS);
    hear(pointer, {.bpm = 75.0, .beat = 0.5, .half = 0.48, .knows_tempo = knows}, 0.0, 20.0);
    EXPECT_NEAR(60.0 / pointer.likeliest().period_s, knows ? 75.0 : 150.0, 3.0) << knows;
  }
}

TEST(BarPointer, BarsOfThreeAndFourAreToldApart) {
  for (const int beats : {3, 4}) {
    BarPointer pointer(kHopS);
    const Ear ear{.bpm = 100.0, .beats_per_bar = beats, .first_bar = 1};
    hear(pointer, ear, 0.0, 20.0);
    const auto belief = pointer.likeliest();
    const auto bars = pointer.bars(belief.beat, belief.period_s);
    const auto number = static_cast<long>(std::floor((20.0 - ear.first_s) * ear.bpm / 60.0 - belief.beat + 0.5));
    const auto in_bar = static_cast<std::size_t>(((number - ear.first_bar) % beats + beats) % beats);
    EXPECT_GT(bars[(beats == 3 ? 4 : 0) + in_bar], 0.8) << beats;
    double sum = 0.0;
    for (const double p : bars) sum += p;
    EXPECT_NEAR(sum, 1.0, 1e-6);
  }
}

TEST(BarPointer, AnotherRecordIsFoundWithinFourSeconds) {
  BarPointer pointer(kHopS);
  hear(pointer, {.bpm = 124.0, .knows_tempo = true}, 0.0, 20.0);
  hear(pointer, {.bpm = 100.0, .first_s = 20.13, .knows_tempo = true}, 20.0, 24.0);
  EXPECT_NEAR(60.0 / pointer.likeliest().period_s, 100.0, 2.0);
}

TEST(BarPointer, StaysFiniteWhateverIsSaid) {
  BarPointer pointer(kHopS);
  for (int i = 0; i < 3000; ++i) {
    EarSays says;
    says.beat = says.bar = i % 3 == 0 ? 1.0f : 0.0f;
    says.tempo[static_cast<std::size_t>(i / 100 % 40)] = 1.0f;
    pointer.push(says);
  }
  const auto belief = pointer.likeliest();
  EXPECT_TRUE(std::isfinite(belief.mass) && std::isfinite(belief.beat) && std::isfinite(belief.period_s));
  EXPECT_LE(belief.mass, 1.0 + 1e-3);
}

// ---- what is claimed

BarPointer::Bars certain(int beats_per_bar, int beat, double sure) {
  BarPointer::Bars bars{};
  for (double& p : bars) p = (1.0 - sure) / static_cast<double>(bars.size() - 1);
  bars[static_cast<std::size_t>((beats_per_bar == 3 ? 4 : beats_per_bar == 2 ? 7 : 0) + beat)] = sure;
  return bars;
}

BeatGrid claimed(BarClaim& claim, int beats_per_bar, int first, double sure, int from, int to) {
  BeatGrid grid;
  for (int beat = from; beat < to; ++beat) {
    for (int reading = 0; reading < 12; ++reading)
      claim.hear(certain(beats_per_bar, ((beat - first) % beats_per_bar + beats_per_bar) % beats_per_bar, sure), beat,
                 0.04);
  }
  claim.tell(grid);
  return grid;
}

TEST(BarClaim, ClaimsWhatIsLikelyAndNothingElse) {
  for (const int beats : {2, 3, 4}) {
    BarClaim claim;
    const BeatGrid grid = claimed(claim, beats, 1, 0.9, -20, 20);
    EXPECT_EQ(grid.beats_per_bar, beats);
    EXPECT_EQ(grid.downbeat, 1.0);
    EXPECT_GT(grid.bar_confidence, 0.7f);
  }
  BarClaim unsure;
  EXPECT_EQ(claimed(unsure, 4, 1, 0.4, 0, 40).bar_confidence, 0.0f);
}

TEST(BarClaim, OutlivesADoubtAndFollowsWhatStays) {
  BarClaim claim;
  claimed(claim, 4, 0, 0.9, 0, 20);
  EXPECT_EQ(claimed(claim, 4, 2, 0.9, 20, 22).downbeat, 0.0) << "a second of another bar";
  EXPECT_EQ(claimed(claim, 4, 2, 0.9, 22, 44).downbeat, 2.0);
  claim.forget();
  EXPECT_EQ(claimed(claim, 4, 2, 0.3, 44, 48).bar_confidence, 0.0f);
}

}  // namespace
}  // namespace ombra::audio
