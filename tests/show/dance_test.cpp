#include "show/dance/dance.hpp"

#include "show/capsule_dancer.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ombra::show {
namespace {

double beats_off(double beat) { return std::abs(beat - std::round(beat)); }

TEST(DanceClock, RunsWithTheBeatOfTheMusic) {
  DanceClock clock;
  BeatGrid grid{.anchor_s = 100.0, .anchor_beat = 7.0, .bpm = 120.0, .confidence = 1.0f};
  for (int i = 0; i <= 600; ++i) {
    const double t = 100.0 + i / 60.0;
    EXPECT_NEAR(clock.at(t, grid, 1.0).beat, grid.beat_at(t), 1e-9);
  }
}

TEST(DanceClock, AnotherSpeedComesSmoothlyAndLandsOnTheBeat) {
  for (const double speed : {0.5, 2.0}) {
    DanceClock clock;
    const BeatGrid grid{.bpm = 124.0, .confidence = 1.0f};
    double previous = clock.at(0.0, grid, 1.0).beat, t = 0.0;
    for (; t < 3.1; t += 1.0 / 60.0) previous = clock.at(t, grid, 1.0).beat;
    for (; t < 8.0; t += 1.0 / 60.0) {
      const double beat = clock.at(t, grid, speed).beat;
      EXPECT_GT(beat, previous);
      EXPECT_LT(beat - previous, 2.0 * speed * 124.0 / 60.0 / 60.0 + 1e-9) << "leaps at " << t;
      previous = beat;
    }
    // at a beat of the music there is a dance beat (in half time: a half or a whole one)
    const double at = grid.time_of(std::ceil(grid.beat_at(t)));
    while (t < at) previous = clock.at(t, grid, speed).beat, t += 1.0 / 240.0;
    EXPECT_LT(beats_off(clock.at(at, grid, speed).beat * (speed < 1.0 ? 2.0 : 1.0)), 0.02) << "speed " << speed;
  }
}

TEST(DanceClock, NeverLeapsWhenTheTrackerRenumbersItsBeats) {
  DanceClock clock;
  BeatGrid grid{.bpm = 120.0, .confidence = 1.0f};
  double previous = 0.0, t = 0.0;
  for (; t < 2.0; t += 1.0 / 60.0) previous = clock.at(t, grid, 1.0).beat;
  grid = {.anchor_s = 1.9, .anchor_beat = 5000.3, .bpm = 126.0};
  for (; t < 6.0; t += 1.0 / 60.0) {
    const double beat = clock.at(t, grid, 1.0).beat;
    EXPECT_GE(beat, previous);
    EXPECT_LT(beat - previous, 0.1);
    previous = beat;
  }
  EXPECT_LT(std::abs(beats_off(previous) - beats_off(grid.beat_at(t - 1.0 / 60.0))), 0.01);
}

TEST(DanceClock, ACorrectedPhaseIsMadeUpWithinABeat) {
  for (const double shift : {-0.4, -0.2, 0.2, 0.4}) {
    DanceClock clock;
    BeatGrid grid{.bpm = 120.0, .confidence = 1.0f};
    double t = 0.0, previous = 0.0;
    for (; t < 4.0; t += 1.0 / 60.0) previous = clock.at(t, grid, 1.0).beat;
    grid.anchor_beat += shift;
    double last_step = 2.0 / 60.0;
    for (const double corrected = t; t < corrected + 0.75; t += 1.0 / 60.0) {  // a beat and a half
      const double beat = clock.at(t, grid, 1.0).beat, step = beat - previous;
      EXPECT_GT(step, 0.25 * 2.0 / 60.0);
      EXPECT_LT(step, 2.01 * 2.0 / 60.0);
      EXPECT_NEAR(step, last_step, 0.012) << "it bends, it does not leap";
      previous = beat, last_step = step;
      if (t > corrected + 0.5) {
        EXPECT_NEAR(beat, grid.beat_at(t), 0.1) << "after a beat";
      }
    }
    EXPECT_NEAR(previous, grid.beat_at(t - 1.0 / 60.0), 0.04);
  }
}

TEST(DanceClock, ABeatThatIsNotBelievedIsNotChased) {
  DanceClock clock;
  BeatGrid grid{.bpm = 120.0};
  clock.at(0.0, grid, 1.0);
  const auto run = [&](double from_s, double to_s) {
    for (double t = from_s; t < to_s; t += 0.01) clock.at(t, grid, 1.0);
    const double off = clock.at(to_s, grid, 1.0).beat - grid.beat_at(to_s);
    return std::abs(off - std::round(off));
  };
  EXPECT_LT(run(0.0, 2.0), 0.01);
  grid.anchor_beat += 0.3;
  EXPECT_NEAR(run(2.0, 6.0), 0.3, 0.02) << "it flows on in its tempo";
  EXPECT_LT(clock.claimed(), 0.01);
  grid.confidence = 0.9f;
  EXPECT_LT(run(6.0, 10.0), 0.02) << "and takes the beat up when it is believed";
  EXPECT_GT(clock.claimed(), 0.95);
}

TEST(DanceClock, FollowsARampWithoutALag) {
  DanceClock clock;
  BeatGrid grid{.bpm = 100.0, .confidence = 1.0f};
  for (double t = 0.0; t < 30.0; t += 1.0 / 60.0) {
    grid = {.anchor_s = t, .anchor_beat = grid.beat_at(t), .bpm = 100.0 + 40.0 * t / 30.0, .confidence = 1.0f};
    EXPECT_NEAR(clock.at(t, grid, 1.0).beat, grid.beat_at(t), 0.02) << t;
  }
}

TEST(DanceClock, DancesBetween80And150BeatsAMinute) {
  SpeedChoice choice;
  for (const double bpm : {60.0, 70.0, 80.0, 95.0, 110.0, 128.0, 150.0, 174.0, 190.0}) {
    const double danced = SpeedChoice().choose(bpm) * bpm;
    EXPECT_GE(danced, 77.0) << bpm;
    EXPECT_LE(danced, 158.0) << bpm;
  }
  EXPECT_EQ(choice.choose(120.0), 1.0);
  EXPECT_EQ(choice.choose(174.0), 0.5);
  EXPECT_EQ(choice.choose(156.0), 0.5) << "78 beats a minute are still fine: it keeps its choice";
  EXPECT_EQ(choice.choose(140.0), 1.0);
  EXPECT_EQ(choice.choose(157.0), 1.0);
  EXPECT_EQ(choice.choose(0.0), 1.0);
  DanceClock clock;
  double beat = 0.0;
  for (double t = 0.0; t < 6.0; t += 1.0 / 60.0) beat = clock.at(t, {.bpm = 174.0}, 0.0).beat;
  EXPECT_NEAR(beat, 6.0 * 87.0 / 60.0, 0.1);
}

TEST(DanceClock, BarsOfTheDanceBeginWithBarsOfTheMusic) {
  DanceClock clock;
  BeatGrid grid{.bpm = 120.0, .confidence = 1.0f, .downbeat = 2.0};
  model::Timestamp m;
  double t = 0.0;
  for (; t < 3.0; t += 1.0 / 60.0) m = clock.at(t, grid, 1.0);
  EXPECT_EQ(m.bar, 2.0);
  for (; t < 20.0; t += 1.0 / 60.0) {  // the tracker names the latest downbeat: phrases of two bars go on
    grid.downbeat = 2.0 + 4.0 * std::floor((grid.beat_at(t) - 2.0) / 4.0);
    m = clock.at(t, grid, 1.0);
    EXPECT_EQ(m.bar, 2.0);
  }
  grid.downbeat += 1.0;  // it was wrong by a beat
  EXPECT_EQ(clock.at(t, grid, 1.0).bar, 3.0);
  grid.downbeat -= 5.0;
  EXPECT_EQ(clock.at(t, grid, 1.0).bar, 2.0) << "no farther than it must";
}

TEST(DanceClock, ABarThatIsFoundOrChangesDoesNotMoveTheDance) {
  DanceClock clock;
  BeatGrid grid{.bpm = 124.0, .confidence = 1.0f};
  double before = 0.0;
  for (int i = 0; i < 60 * 40; ++i) {
    const double t = i / 60.0;
    if (i == 600) grid.downbeat = 3.0, grid.bar_confidence = 0.9f;
    if (i == 1200) grid.downbeat = 1.0;
    if (i == 1500) grid.beats_per_bar = 3;
    const model::Timestamp m = clock.at(t, grid, 1.0);
    if (i > 60) {
      ASSERT_NEAR(m.beat - before, 124.0 / 60.0 / 60.0, 1e-6) << t;
      ASSERT_NEAR(grid.place_in_bar(m.bar), 0.0, 1e-9) << t;
    }
    before = m.beat;
  }
}

TEST(DanceClock, PhrasesOfAWaltzBeginWithItsBars) {
  DanceClock clock;
  const BeatGrid grid{.bpm = 120.0, .confidence = 1.0f, .downbeat = 1.0, .beats_per_bar = 3};
  for (double t = 0.0; t < 40.0; t += 1.0 / 60.0) {
    const model::Timestamp m = clock.at(t, grid, 1.0);
    ASSERT_NEAR(grid.place_in_bar(m.bar), 0.0, 1e-9);
    ASSERT_LT(m.beat - m.bar, 6.0) << "two bars, then another phrase";
  }
}

TEST(DanceClock, StandsStillWhenTimeDoes) {
  DanceClock clock;
  const BeatGrid grid{.bpm = 120.0, .confidence = 1.0f};
  const double beat = clock.at(10.0, grid, 1.0).beat;
  EXPECT_EQ(clock.at(9.0, grid, 1.0).beat, beat);
  EXPECT_EQ(clock.at(std::nan(""), grid, 1.0).beat, beat);
}

struct Fixture {
  std::shared_ptr<CapsuleDancer::Script> script = std::make_shared<CapsuleDancer::Script>();
  Dance dance{std::make_unique<CapsuleDancer>("one", script)};
  DanceRequest request;
  FieldImage image;

  Fixture() { request.grid.bpm = 120.0, request.field_size = 32; }
  const std::vector<float>& step(double seconds) {
    request.seen_s += seconds;
    dance.step(request, image);
    return image.distance;
  }
};

TEST(Dance, DrawsTheMomentThatWillBeSeen) {
  Fixture a, b;
  a.request.seen_s = b.request.seen_s = 1.0;
  b.request.offset_s = 0.1;
  a.step(0.0), b.step(0.0);
  EXPECT_NE(a.image.distance, b.image.distance);
  EXPECT_EQ(b.image.seen_s, 1.0);
  Fixture c;
  c.request.seen_s = 1.1;
  c.step(0.0);
  EXPECT_EQ(b.image.distance, c.image.distance) << "an offset of 100 ms draws what comes 100 ms later";
}

TEST(Dance, IsTheSameEveryTime) {
  Fixture a, b;
  for (int i = 0; i < 50; ++i) {
    if (i == 20) ++a.request.jumps, ++b.request.jumps;
    ASSERT_EQ(a.step(1.0 / 60.0), b.step(1.0 / 60.0));
  }
}

TEST(Dance, HoldsThePoseWhileTimeGoesOnAndLeadsBack) {
  Fixture free, held;
  for (int i = 0; i < 40; ++i) free.step(1.0 / 60.0), held.step(1.0 / 60.0);
  held.request.hold = true;
  const auto pose = held.step(1.0 / 60.0);
  free.step(1.0 / 60.0);
  for (int i = 0; i < 60; ++i) {
    EXPECT_EQ(held.step(1.0 / 60.0), pose);
    free.step(1.0 / 60.0);
  }
  EXPECT_NE(free.image.distance, pose);
  held.request.hold = false;
  free.step(1.0 / 60.0), held.step(1.0 / 60.0);
  EXPECT_NE(held.image.distance, free.image.distance) << "it must not leap back";
  for (int i = 0; i < 20; ++i) free.step(1.0 / 60.0), held.step(1.0 / 60.0);
  EXPECT_EQ(held.image.distance, free.image.distance);
}

TEST(Dance, DrawsTheFiguresThatItsDancerMakesOfTheLatents) {
  Fixture f, turned;
  f.step(0.1), turned.request.figure.yaw = 60.0f;
  EXPECT_NE(turned.step(0.1), f.image.distance) << "what is decoded is turned";
  turned.request.dancers = 3;
  const std::span<const float> figures = turned.dance.pose(turned.request);
  ASSERT_EQ(figures.size(), 3u * CapsuleDancer::kFigure);
  for (std::size_t n = 0; n < 3; ++n) EXPECT_NEAR(figures[n * CapsuleDancer::kFigure + 3], 0.5f, 1e-6f) << n;
  LatentFrame frame;
  turned.dance.step(turned.request, frame);
  EXPECT_EQ(frame.latents, std::vector<float>(figures.begin(), figures.end())) << "for a decoder elsewhere, too";
}

TEST(Dance, AHoldHoldsThePoseAndNotWhichWayItIsTurned) {
  Fixture f;
  f.step(0.3), f.request.hold = true, f.step(0.01);
  const std::span<const float> held = f.dance.pose(f.request);
  const std::vector<float> before(held.begin(), held.end());
  f.request.seen_s += 1.0, f.request.figure.yaw = 180.0f;
  const std::span<const float> after = f.dance.pose(f.request);
  for (std::size_t i = 0; i < CapsuleDancer::kLatent; ++i) EXPECT_NEAR(after[i], before[i], 1e-5f) << i;
  EXPECT_NEAR(before[3], 1.0f, 1e-6f);
  EXPECT_NEAR(after[3], -1.0f, 1e-6f);
}

TEST(Dance, JumpsOncePerRequestToASeedThatExists) {
  Fixture f;
  f.step(0.01);
  f.request.jumps = 1, f.request.seed = 999;
  for (int i = 0; i < 10; ++i) f.step(0.01);
  EXPECT_EQ(f.dance.source().counters().jumps, 1u);
  f.request.jumps = 2, f.request.seed = -1;
  f.step(0.01);
  EXPECT_EQ(f.dance.source().counters().jumps, 2u);
}

TEST(Dance, ScrubsWhatIsNotANumber) {
  Fixture f;
  f.step(0.1);
  const auto good = f.image.distance;
  f.script->gives_nan = true;
  f.step(0.0);
  for (const float d : f.image.distance) ASSERT_TRUE(std::isfinite(d));
  EXPECT_EQ(f.image.distance, good) << "the last good latent is shown";
  EXPECT_EQ(f.dance.scrubbed(), 1u);
}

TEST(Dance, FollowsTheNumberOfDancersWithinItsBounds) {
  Fixture f;
  f.request.dancers = 3;
  f.step(0.01);
  EXPECT_EQ(f.image.dancers, 3);
  EXPECT_EQ(f.image.distance.size(), 3u * 32u * 32u);
  f.request.dancers = 100000;
  f.step(0.01);
  EXPECT_EQ(f.image.dancers, 16);
}

TEST(Dance, SwapsToAnotherDancer) {
  Fixture f;
  f.request.hold = true;
  f.step(0.5);
  f.dance.swap(std::make_unique<CapsuleDancer>("two"));
  f.step(0.01);
  EXPECT_EQ(f.dance.source().info().name, "two");
  EXPECT_EQ(f.image.dancers, 1);
}

TEST(Dance, SetsOutFromTheLastPoseOfAVideo) {
  Dance dance(std::make_unique<CapsuleDancer>("capsules", nullptr, std::vector<float>{0.0f, 2.0f, 0.0f})),
      free(std::make_unique<CapsuleDancer>());
  DanceRequest request;
  request.grid.bpm = 120.0;
  float before = 0.0f;
  for (int i = 0; i <= 60; ++i) {
    request.seen_s = i / 60.0;
    const float place = dance.pose(request)[1], own = free.pose(request)[1];
    EXPECT_LT(std::abs(place - (i == 0 ? 2.0f : before)), i == 0 ? 1e-6f : 0.15f) << "jumps at " << i;
    EXPECT_TRUE(i < 40 || place == own) << "dances on by itself at " << i;
    before = place;
  }
}

}  // namespace
}  // namespace ombra::show
