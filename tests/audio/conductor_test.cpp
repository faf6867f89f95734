// Who leads the beat: slides, changes of the lead, taps, half and double, free run, the 1.

#include "audio/clocks/conductor.hpp"

#include "core/rng.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ombra::audio {
namespace {

constexpr double kFrameS = 1.0 / 60.0;

BeatGrid line(double bpm, double anchor_s = 0.0, double anchor_beat = 0.0) {
  BeatGrid g;
  g.anchor_s = anchor_s, g.anchor_beat = anchor_beat, g.bpm = bpm;
  g.confidence = 0.8f;
  return g;
}

double off_beat(double beats) { return std::abs(beats - std::round(beats)); }

// Steps a conductor frame by frame and checks at each that the count neither jumps nor runs backwards.
struct Show {
  Conductor conductor;
  BeatSources sources{line(120.0)};
  LeadSettings settings;
  double now_s = 100.0;
  double last_beat = std::numeric_limits<double>::quiet_NaN();
  double low = 1e9, high = 0.0;  // rates seen, BPM

  void run(double seconds) {
    for (const double end = now_s + seconds; now_s < end; now_s += kFrameS) {
      const BeatGrid& g = conductor.step(now_s, sources, settings);
      const double beat = g.beat_at(now_s);
      if (!std::isnan(last_beat)) {
        const double rate = (beat - last_beat) / kFrameS * 60.0;
        low = std::min(low, rate), high = std::max(high, rate);
      }
      last_beat = beat;
    }
  }
  void tap_along(double bpm, double from_s, int taps, double jitter_s, Rng& rng) {
    for (int i = 0; i < taps; ++i) {
      const double at = from_s + i * 60.0 / bpm + jitter_s * rng.normal();
      if (at > now_s) run(at - now_s);
      EXPECT_TRUE(conductor.tap(at));
    }
    run(0.1);
  }
  double error_to(const BeatGrid& other) const {
    return off_beat(conductor.grid().beat_at(now_s) - other.beat_at(now_s));
  }
};

TEST(Conductor, FollowsTheEarsExactlyWhenTheyAreSteady) {
  Show show;
  show.run(10.0);
  EXPECT_LT(show.error_to(show.sources.tracker), 1e-9);
  EXPECT_NEAR(show.low, 120.0, 1e-6);
  EXPECT_NEAR(show.high, 120.0, 1e-6);
  EXPECT_EQ(show.conductor.status().lead, Lead::kTracker);
}

TEST(Conductor, SlidesIntoAnotherPhaseWithinTwoBeats) {
  for (const double shift : {0.5, 0.3, -0.3, -0.49}) {
    Show show;
    show.run(3.0);
    const double before = show.conductor.grid().beat_at(show.now_s);
    show.sources.tracker.anchor_beat += shift;
    show.run(0.3);
    EXPECT_NEAR(show.conductor.grid().bpm, 120.0, 0.01) << "a slide is no other tempo";
    show.run(0.7);
    EXPECT_LT(show.error_to(show.sources.tracker), 0.06) << shift;
    EXPECT_LT(std::abs(show.conductor.grid().beat_at(show.now_s) - before - 2.0), 0.6) << "a whole beat was lost";
    EXPECT_GT(show.low, 62.0) << "a smooth slide stays off its limits of 60 and 240";
    EXPECT_LT(show.high, 180.0);
    show.run(3.0);
    EXPECT_LT(show.error_to(show.sources.tracker), 1e-4);
  }
}

TEST(Conductor, NeverRunsBackwardsWhateverTheEarsDo) {
  Show show;
  Rng rng(5);
  for (int i = 0; i < 400; ++i) {
    show.sources.tracker = line(rng.uniform(50.0, 200.0), rng.uniform(0.0, 200.0), rng.uniform(-1e4, 1e4));
    if (i % 7 == 0) show.sources.link = line(rng.uniform(60.0, 180.0), rng.uniform(0.0, 200.0));
    if (i % 7 == 3) show.sources.link.reset();
    if (i % 11 == 0) show.conductor.multiply_tempo(i % 2 == 0 ? 1 : -1);
    if (i % 13 == 0) show.conductor.resync(show.now_s);
    if (i % 17 == 0) show.conductor.tap(show.now_s);
    const double before = show.conductor.grid().beat_at(show.now_s);
    show.run(rng.uniform(0.02, 1.0));
    if (i > 0) {
      EXPECT_GT(show.conductor.grid().beat_at(show.now_s), before);
    }
    ASSERT_GT(show.low, 0.0);
    ASSERT_LT(show.high, 601.0);
  }
}

TEST(Conductor, ASlideIntoAnotherTempoKeepsItsLimits) {
  for (double phase = 0.0; phase < 1.0; phase += 0.1) {
    Show show;
    show.sources.tracker = line(180.0);
    show.run(2.0 + phase);
    show.low = 1e9, show.high = 0.0;
    show.sources.link = line(60.0, 0.37);
    show.run(6.0);
    EXPECT_GE(show.low, 30.0 - 1e-6) << phase;
    EXPECT_LE(show.high, 180.0 + 1e-6) << phase;
    EXPECT_LT(show.error_to(*show.sources.link), 1e-3);
    show.low = 1e9, show.high = 0.0;
    show.sources.link.reset();
    show.run(4.0);
    EXPECT_GE(show.low, 30.0 - 1e-6) << phase;
    EXPECT_LE(show.high, 360.0 + 1e-6) << phase;
    EXPECT_LT(show.error_to(show.sources.tracker), 1e-3);
  }
}

TEST(Conductor, IgnoresNumbersThatAreNone) {
  Show show;
  show.run(1.0);
  show.sources.tracker.bpm = std::numeric_limits<double>::quiet_NaN();
  show.sources.link = line(std::numeric_limits<double>::infinity());
  show.settings.typed_bpm = std::numeric_limits<double>::quiet_NaN();
  show.run(2.0);
  EXPECT_NEAR(show.conductor.grid().bpm, 120.0, 1e-6);
  EXPECT_TRUE(std::isfinite(show.conductor.grid().beat_at(show.now_s)));
}

TEST(Conductor, MachinesLeadBeforeTheEarsAndGiveBack) {
  Show show;
  show.run(2.0);
  show.sources.link = line(126.0, 0.3, 1000.0);
  show.run(3.0);
  EXPECT_EQ(show.conductor.status().lead, Lead::kLink);
  EXPECT_LT(show.error_to(*show.sources.link), 1e-3);
  show.sources.midi = line(100.0, 0.1);
  show.run(3.0);
  EXPECT_EQ(show.conductor.status().lead, Lead::kMidi);
  EXPECT_LT(show.error_to(*show.sources.midi), 1e-3);
  show.sources.midi.reset(), show.sources.link.reset();
  show.run(3.0);
  EXPECT_EQ(show.conductor.status().lead, Lead::kTracker);
  EXPECT_LT(show.error_to(show.sources.tracker), 1e-3);
  EXPECT_GE(show.low, 50.0 - 1e-6);
}

TEST(Conductor, TheBarOfALinkedSessionIsTaken) {
  Show show;
  show.sources.link = line(126.0, 0.3, 1001.0);
  show.sources.link->downbeat = 1000.0;
  show.sources.link->bar_confidence = 1.0f;
  show.run(5.0);
  const BeatGrid& g = show.conductor.grid();
  const BeatGrid& link = *show.sources.link;
  EXPECT_NEAR(g.place_in_bar(g.beat_at(show.now_s)), link.place_in_bar(link.beat_at(show.now_s)), 1e-3);
  EXPECT_EQ(g.bar_confidence, 1.0f);
}

TEST(Conductor, ALockHolds) {
  Show show;
  show.settings.choice = LeadChoice::kTracker;
  show.sources.link = line(126.0);
  show.run(2.0);
  EXPECT_FALSE(show.conductor.tap(show.now_s));
  show.settings.typed_bpm = 99.0;
  show.run(2.0);
  EXPECT_EQ(show.conductor.status().lead, Lead::kTracker);
  EXPECT_TRUE(show.conductor.status().locked);
  EXPECT_NEAR(show.conductor.grid().bpm, 120.0, 1e-6);
  show.settings.choice = LeadChoice::kMidi;  // which says nothing: the last tempo goes on
  show.run(2.0);
  EXPECT_EQ(show.conductor.status().lead, Lead::kMidi);
  EXPECT_TRUE(show.conductor.status().waiting);
  EXPECT_NEAR(show.conductor.grid().bpm, 120.0, 1e-6);
  EXPECT_EQ(show.conductor.grid().confidence, 0.0f);
}

TEST(Conductor, TapsWithAHumanHandGiveTheTempoWithinTwoPercent) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Rng rng(seed);
    Show show;
    show.sources.tracker.confidence = 0.0f;
    const double bpm = rng.uniform(80.0, 150.0);
    show.run(1.0);
    const double from_s = show.now_s + 0.3;
    show.tap_along(bpm, from_s, 8, 0.020, rng);
    const LeadStatus status = show.conductor.status();
    EXPECT_EQ(status.lead, Lead::kHand);
    EXPECT_EQ(status.taps, 8);
    EXPECT_NEAR(status.bpm / bpm, 1.0, 0.02) << "seed " << seed;
    show.run(1.5);
    const BeatGrid truth = line(bpm, from_s);
    EXPECT_LT(show.error_to(truth), 0.15) << "seed " << seed;
  }
}

TEST(Conductor, TheFirstTapSetsThePhaseOnly) {
  Show show;
  show.run(2.0);
  const double at = show.now_s - 0.15;
  EXPECT_TRUE(show.conductor.tap(at));
  show.run(2.0);
  EXPECT_NEAR(show.conductor.status().bpm, 120.0, 0.01);
  EXPECT_LT(show.error_to(line(120.0, at)), 1e-3);
}

TEST(Conductor, ATapLeftOutAndABouncingKeyDoNoHarm) {
  Show show;
  show.run(1.0);
  for (const double beat : {0.0, 1.0, 2.0, 4.0, 5.0, 6.0}) {
    show.conductor.tap(show.now_s + 0.6 * beat);
    show.conductor.tap(show.now_s + 0.6 * beat + 0.04);
  }
  show.now_s += 3.7;
  show.run(0.1);
  EXPECT_NEAR(show.conductor.status().bpm, 100.0, 0.1);
  EXPECT_EQ(show.conductor.status().taps, 6);
}

TEST(Conductor, AHandThatChangesItsMindIsFollowed) {
  TapTempo taps;
  double at = 10.0;
  for (int i = 0; i < 6; ++i) taps.tap(at += 0.5);
  EXPECT_NEAR(taps.bpm(), 120.0, 1e-6);
  for (int i = 0; i < 3; ++i) taps.tap(at += 0.7);
  EXPECT_NEAR(taps.bpm(), 60.0 / 0.7, 0.5);
  taps.tap(at += 2.5);  // a new series
  EXPECT_EQ(taps.taps(), 1);
  EXPECT_EQ(taps.bpm(), 0.0);
}

TEST(Conductor, TheHandGivesBackWhenTheEarsAgree) {
  Rng rng(3);
  Show show;
  show.run(2.0);
  const double beat_s = 60.0 / 126.0;
  show.tap_along(126.0, show.now_s, 8, 0.0, rng);
  show.run(12.0);
  EXPECT_EQ(show.conductor.status().lead, Lead::kHand) << "120 is not 126";
  show.sources.tracker = line(126.5, std::ceil(show.now_s / beat_s) * beat_s);
  show.sources.tracker.anchor_s -= beat_s * show.conductor.grid().beat_at(show.sources.tracker.anchor_s);
  show.sources.tracker.anchor_s = show.conductor.grid().time_of(std::round(show.conductor.grid().beat_at(show.now_s)));
  show.run(7.0);
  EXPECT_EQ(show.conductor.status().lead, Lead::kHand);
  show.run(2.0);
  EXPECT_EQ(show.conductor.status().lead, Lead::kTracker);
  // the other half of the beat is no agreement
  show.tap_along(126.5, show.sources.tracker.time_of(std::ceil(show.sources.tracker.beat_at(show.now_s)) + 0.5), 8, 0.0,
                 rng);
  show.run(12.0);
  EXPECT_EQ(show.conductor.status().lead, Lead::kHand);
  show.conductor.reset();
  show.run(0.1);
  EXPECT_EQ(show.conductor.status().lead, Lead::kTracker);
}

TEST(Conductor, ATypedTempoHoldsUntilItIsTakenBack) {
  Show show;
  show.run(2.0);
  show.settings.typed_bpm = 97.5;
  show.run(20.0);
  EXPECT_EQ(show.conductor.status().lead, Lead::kHand);
  EXPECT_TRUE(show.conductor.status().typed);
  EXPECT_NEAR(show.conductor.grid().bpm, 97.5, 1e-6);
  show.settings.typed_bpm = 0.0;
  show.run(5.0);
  EXPECT_EQ(show.conductor.status().lead, Lead::kTracker);
  EXPECT_NEAR(show.conductor.grid().bpm, 120.0, 1e-3);
  // a tap takes the place of what was typed
  show.settings.typed_bpm = 97.5;
  show.run(1.0);
  show.conductor.tap(show.now_s);
  show.run(0.1);
  EXPECT_FALSE(show.conductor.status().typed);
}

TEST(Conductor, RunsFreeAtTheLastTempo) {
  Show show;
  show.run(5.0);
  const BeatGrid before = show.conductor.grid();
  show.settings.free = true;
  show.sources.tracker = line(140.0, 0.2);
  show.sources.midi = line(90.0);
  show.run(10.0);
  EXPECT_LT(std::abs(show.conductor.grid().beat_at(show.now_s) - before.beat_at(show.now_s)), 1e-6);
  EXPECT_TRUE(show.conductor.status().free);
  show.settings.free = false;
  show.sources.midi.reset();
  show.run(3.0);
  EXPECT_LT(show.error_to(show.sources.tracker), 1e-3);
}

TEST(Conductor, RunsOnInSilence) {
  Show show;
  show.run(3.0);
  show.sources.link = line(128.0, 0.4);
  show.run(3.0);
  show.sources.tracker.confidence = 0.0f;  // nothing is heard, and then the peer is gone
  show.sources.link.reset();
  show.run(5.0);
  EXPECT_EQ(show.conductor.status().lead, Lead::kTracker);
  EXPECT_NEAR(show.conductor.grid().bpm, 128.0, 1e-6);
  show.sources.tracker.confidence = 0.5f;
  show.run(4.0);
  EXPECT_LT(show.error_to(show.sources.tracker), 1e-3);
}

TEST(Conductor, DoubleAndHalfKeepTheBeats) {
  Show show;
  show.run(2.1);
  show.conductor.multiply_tempo(1);
  show.run(3.0);
  EXPECT_NEAR(show.conductor.grid().bpm, 240.0, 1e-3);
  EXPECT_EQ(show.conductor.status().doublings, 1);
  const double whole = std::round(show.sources.tracker.beat_at(show.now_s));
  EXPECT_LT(off_beat(show.conductor.grid().beat_at(show.sources.tracker.time_of(whole))), 1e-3);
  show.conductor.multiply_tempo(1);  // 480 is too fast
  show.run(0.1);
  EXPECT_EQ(show.conductor.status().doublings, 1);
  show.conductor.multiply_tempo(-1);
  show.run(1.0);
  show.conductor.multiply_tempo(-1);
  show.run(8.0);
  EXPECT_NEAR(show.conductor.grid().bpm, 60.0, 1e-3);
  EXPECT_LT(off_beat(2.0 * show.conductor.grid().beat_at(show.sources.tracker.time_of(whole))), 1e-3);
  // sticks while the lead stays, goes with it
  show.sources.tracker = line(122.0, 0.1);
  show.run(8.0);
  EXPECT_NEAR(show.conductor.grid().bpm, 61.0, 1e-3);
  show.sources.link = line(128.0);
  show.run(4.0);
  EXPECT_NEAR(show.conductor.grid().bpm, 128.0, 1e-3);
}

TEST(Conductor, ATrackerThatFindsTheMultipleItselfIsNotDoubledTwice) {
  Show show;
  show.sources.tracker = line(70.0);
  show.run(3.0);
  show.conductor.multiply_tempo(1);
  show.run(5.0);
  EXPECT_NEAR(show.conductor.status().bpm, 140.0, 1e-3);
  show.sources.tracker = line(140.0);
  show.run(5.0);
  EXPECT_NEAR(show.conductor.grid().bpm, 140.0, 1e-3);
  EXPECT_EQ(show.conductor.status().doublings, 0);
}

TEST(Conductor, ANudgeStaysOnTopOfAnyLead) {
  Show show;
  show.run(2.0);
  show.conductor.nudge(0.02);
  show.conductor.nudge(0.02);
  show.run(3.0);
  const auto ahead_s = [&](const BeatGrid& lead) {
    return (show.conductor.grid().beat_at(show.now_s) - lead.beat_at(show.now_s) -
            std::round(show.conductor.grid().beat_at(show.now_s) - lead.beat_at(show.now_s))) *
           60.0 / lead.bpm;
  };
  EXPECT_NEAR(ahead_s(show.sources.tracker), 0.040, 1e-4);
  show.sources.link = line(128.0, 0.17);
  show.run(4.0);
  EXPECT_NEAR(ahead_s(*show.sources.link), 0.040, 1e-4);
  EXPECT_NEAR(show.conductor.status().nudge_ms, 40.0, 1e-9);
  show.conductor.reset();
  show.run(4.0);
  EXPECT_NEAR(ahead_s(*show.sources.link), 0.0, 1e-4);
}

TEST(Conductor, ResyncSetsTheOneAndSlidesOnlyWhenFarOff) {
  Show show;
  show.run(2.0);
  while (show.conductor.grid().beat_at(show.now_s) < 210.9) show.run(kFrameS);
  show.conductor.resync(show.now_s);  // a tenth of a beat before beat 211
  show.run(3.0);
  EXPECT_LT(show.error_to(show.sources.tracker), 1e-4) << "near enough: the phase stays";
  EXPECT_NEAR(show.conductor.grid().place_in_bar(211.0), 0.0, 1e-9);
  EXPECT_EQ(show.conductor.grid().bar_confidence, 1.0f);
  while (show.conductor.grid().beat_at(show.now_s) < 220.4) show.run(kFrameS);
  const double at = show.now_s;
  show.conductor.resync(at);
  show.run(3.0);
  EXPECT_LT(off_beat(show.conductor.grid().beat_at(at) - std::round(show.conductor.grid().beat_at(at))), 1e-3);
  EXPECT_NEAR(show.conductor.grid().place_in_bar(std::round(show.conductor.grid().beat_at(at))), 0.0, 1e-9);
  EXPECT_TRUE(show.conductor.status().one_given);
  show.run(25.0);
  EXPECT_TRUE(show.conductor.status().one_given);
}

TEST(Conductor, EarsThatAreSureOfAnotherOneWinInTheEnd) {
  Show show;
  show.run(2.0);
  show.sources.tracker.bar_confidence = 0.9f;  // bars begin on multiples of four
  while (std::abs(show.conductor.grid().place_in_bar(show.conductor.grid().beat_at(show.now_s)) - 2.0) > 0.1)
    show.run(kFrameS);
  show.conductor.resync(show.now_s);
  show.run(20.0);
  EXPECT_TRUE(show.conductor.status().one_given);
  show.run(15.0);
  EXPECT_FALSE(show.conductor.status().one_given);
  EXPECT_NEAR(show.conductor.grid().place_in_bar(8.0), 0.0, 1e-9);
}

}  // namespace
}  // namespace ombra::audio
