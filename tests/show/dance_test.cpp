#include "show/dance.hpp"

#include "show/capsule_dancer.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ombra::show {
namespace {

double beats_off(double beat) { return std::abs(beat - std::round(beat)); }

TEST(DanceClock, RunsWithTheBeatOfTheMusic) {
  DanceClock clock;
  BeatGrid grid{.anchor_s = 100.0, .anchor_beat = 7.0, .bpm = 120.0};
  for (int i = 0; i <= 600; ++i) {
    const double t = 100.0 + i / 60.0;
    EXPECT_NEAR(clock.at(t, grid, 1.0).beat, grid.beat_at(t), 1e-9);
  }
}

TEST(DanceClock, AnotherSpeedComesSmoothlyAndLandsOnTheBeat) {
  for (const double speed : {0.5, 2.0}) {
    DanceClock clock;
    const BeatGrid grid{.bpm = 124.0};
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
  BeatGrid grid{.bpm = 120.0};
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

TEST(DanceClock, StandsStillWhenTimeDoes) {
  DanceClock clock;
  const BeatGrid grid{.bpm = 120.0};
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

}  // namespace
}  // namespace ombra::show
