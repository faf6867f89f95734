// MIDI clock out of bytes: phase under the jitter of real cables, start, stop, continue, song position, lost ticks.

#include "audio/clocks/midi_clock.hpp"

#include "core/rng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace ombra::audio {
namespace {

constexpr std::uint8_t kTick[] = {0xF8}, kStart[] = {0xFA}, kContinue[] = {0xFB}, kStop[] = {0xFC};

// A sender whose ticks are on time, and the cable that delays them.
struct Cable {
  MidiClock clock;
  Rng rng{1};
  double now_s = 50.0, period_s = 60.0 / (120.0 * 24.0);
  double jitter_s = 0.0, packet_s = 0.0;
  double arrived_s = 0.0;
  std::int64_t sent = 0;  // ticks

  double delay() const { return 0.5 * packet_s; }  // mean
  void tick(bool arrives = true, double late_s = 0.0) {
    double at = now_s + late_s + jitter_s * rng.normal();
    if (packet_s > 0.0) at = std::ceil(at / packet_s) * packet_s;  // polled
    arrived_s = std::max(arrived_s, at);
    if (arrives) clock.feed(kTick, arrived_s);
    ++sent;
    now_s += period_s;
  }
  void ticks(int n) {
    for (int i = 0; i < n; ++i) tick();
  }
  void bpm(double bpm) { period_s = 60.0 / (bpm * 24.0); }
  // the sender's own beat at the time that the last tick arrived
  double true_beat(double at_s) const { return (static_cast<double>(sent) + (at_s - now_s) / period_s) / 24.0; }
  // -> s that the clock's beats are off, on the whole: whole beats do not count
  double off_s() const {
    const auto g = clock.grid(arrived_s);
    if (!g) return 9.0;
    const double off = g->beat_at(arrived_s) - true_beat(arrived_s);
    return std::abs(off - std::round(off)) * 24.0 * period_s;
  }
};

TEST(MidiClock, FollowsAPerfectClock) {
  Cable cable;
  EXPECT_FALSE(cable.clock.grid(cable.now_s));
  cable.ticks(100);
  ASSERT_TRUE(cable.clock.grid(cable.now_s));
  EXPECT_NEAR(cable.clock.grid(cable.now_s)->bpm, 120.0, 1e-6);
  EXPECT_LT(cable.off_s(), 1e-6);
  EXPECT_EQ(cable.clock.grid(cable.now_s)->bar_confidence, 0.0f) << "nobody has said where the bar begins";
}

TEST(MidiClock, StaysWithinFiveMillisecondsUnderJitterAndPackets) {
  for (const double bpm : {61.0, 90.0, 120.0, 128.5, 174.0}) {
    Cable cable;
    cable.bpm(bpm);
    cable.jitter_s = 0.001, cable.packet_s = 0.003;
    cable.ticks(48);
    double worst_s = 0.0, worst_bpm = 0.0;
    for (int i = 0; i < 2000; ++i) {
      cable.tick();
      worst_s = std::max(worst_s, cable.off_s());
      worst_bpm = std::max(worst_bpm, std::abs(cable.clock.grid(cable.now_s)->bpm / bpm - 1.0));
    }
    EXPECT_LT(worst_s, 0.005) << bpm;
    EXPECT_LT(worst_bpm, 0.01) << bpm;
    std::printf("%6.1f BPM: worst phase error %.2f ms, worst tempo error %.2f %%\n", bpm, 1e3 * worst_s,
                100.0 * worst_bpm);
  }
}

TEST(MidiClock, OneLateTickIsNoTempoChange) {
  Cable cable;
  cable.ticks(100);
  for (const double late_s : {0.015, 0.030, 0.060}) {
    cable.tick(true, late_s);
    for (int i = 0; i < 60; ++i) {
      EXPECT_NEAR(cable.clock.grid(cable.arrived_s)->bpm, 120.0, 1.0);
      EXPECT_LT(cable.off_s(), 0.003);
      cable.tick();
    }
  }
}

TEST(MidiClock, LostAndDoubledTicksAreCountedIn) {
  Cable cable;
  cable.clock.feed(kStart, cable.now_s);
  cable.ticks(100);
  cable.tick(false);
  cable.ticks(60);
  cable.tick(false), cable.tick(false);
  cable.ticks(60);
  cable.clock.feed(kTick, cable.arrived_s + 0.001);
  cable.ticks(60);
  const auto g = cable.clock.grid(cable.arrived_s);
  ASSERT_TRUE(g);
  EXPECT_NEAR(g->beat_at(cable.arrived_s), cable.true_beat(cable.arrived_s), 0.005);
  EXPECT_NEAR(g->bpm, 120.0, 0.2);
}

TEST(MidiClock, FollowsJumpsAndRampsOfTempo) {
  Cable cable;
  cable.jitter_s = 0.001;
  cable.ticks(100);
  cable.bpm(150.0);
  cable.ticks(48);
  EXPECT_NEAR(cable.clock.grid(cable.arrived_s)->bpm, 150.0, 1.5);
  EXPECT_LT(cable.off_s(), 0.005);
  cable.bpm(147.0);  // a small one
  cable.ticks(72);
  EXPECT_NEAR(cable.clock.grid(cable.arrived_s)->bpm, 147.0, 1.0);
  EXPECT_LT(cable.off_s(), 0.005);
  cable.jitter_s = 0.0;
  for (double bpm = 147.0; bpm > 100.0; bpm -= 2.0 * cable.period_s) {  // 2 BPM a second
    cable.bpm(bpm);
    cable.tick();
    ASSERT_LT(cable.off_s(), 0.010) << bpm;
  }
}

TEST(MidiClock, StartIsTheOne) {
  Cable cable;
  cable.ticks(37);  // ticks while stopped, as many devices send
  cable.clock.feed(kStart, cable.now_s);
  const double started_s = cable.now_s;
  cable.ticks(24 * 6);
  const auto g = cable.clock.grid(cable.arrived_s);
  ASSERT_TRUE(g);
  EXPECT_NEAR(g->beat_at(started_s), 0.0, 1e-6);
  EXPECT_NEAR(g->place_in_bar(g->beat_at(started_s + 4.0 * 0.5 + 0.25)), 0.5, 1e-6);
  EXPECT_EQ(g->bar_confidence, 1.0f);
}

TEST(MidiClock, StopsContinuesAndGoesToASongPosition) {
  Cable cable;
  cable.clock.feed(kStart, cable.now_s);
  cable.ticks(24 * 2 + 7);
  cable.clock.feed(kStop, cable.now_s);
  EXPECT_FALSE(cable.clock.grid(cable.now_s)) << "stopped";
  EXPECT_TRUE(cable.clock.ticking(cable.now_s));
  cable.ticks(33);
  EXPECT_FALSE(cable.clock.grid(cable.now_s));
  cable.clock.feed(kContinue, cable.now_s);
  const double at = cable.now_s;
  cable.ticks(30);
  ASSERT_TRUE(cable.clock.grid(cable.now_s));
  EXPECT_NEAR(cable.clock.grid(cable.now_s)->beat_at(at), 2.0 + 7.0 / 24.0, 1e-6);

  cable.clock.feed(kStop, cable.now_s);
  const std::uint8_t position[] = {0xF2, 0x08, 0x01};  // 136 sixteenths: beat 34
  cable.clock.feed(position, cable.now_s);
  cable.clock.feed(kContinue, cable.now_s);
  const double again = cable.now_s;
  cable.ticks(30);
  EXPECT_NEAR(cable.clock.grid(cable.now_s)->beat_at(again), 34.0, 1e-6);
}

TEST(MidiClock, IsLostAfterHalfASecondAndComesBack) {
  Cable cable;
  cable.ticks(100);
  EXPECT_TRUE(cable.clock.grid(cable.arrived_s + 0.45));
  EXPECT_FALSE(cable.clock.grid(cable.arrived_s + 0.55));
  cable.now_s += 3.3;
  cable.bpm(95.0);
  cable.ticks(4);
  EXPECT_FALSE(cable.clock.grid(cable.arrived_s)) << "too little to know";
  cable.ticks(20);
  ASSERT_TRUE(cable.clock.grid(cable.arrived_s));
  EXPECT_NEAR(cable.clock.grid(cable.arrived_s)->bpm, 95.0, 1e-3);
}

TEST(MidiClock, MessagesMayBeSplitAndInterleaved) {
  Cable cable;
  cable.ticks(50);
  const std::uint8_t note[] = {0x90, 0x40, 0x7F}, half[] = {0xF2, 0x10}, rest[] = {0x00};
  cable.clock.feed(note, cable.now_s);
  cable.clock.feed(half, cable.now_s);
  cable.tick();  // between the bytes of the song position
  cable.clock.feed(rest, cable.now_s);
  cable.clock.feed(kContinue, cable.now_s);
  const double at = cable.now_s;
  cable.ticks(30);
  EXPECT_NEAR(cable.clock.grid(cable.now_s)->beat_at(at), 4.0, 1e-6);
  EXPECT_EQ(cable.clock.skipped(), 3u);
}

TEST(MidiClock, SurvivesAnything) {
  Rng rng(11);
  MidiClock clock;
  double at = 0.0;
  for (int i = 0; i < 300000; ++i) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(rng.below(6)));
    for (std::uint8_t& b : bytes) {
      b = static_cast<std::uint8_t>(rng.below(3) == 0 ? 0xF0 + rng.below(16) : rng.below(256));
    }
    at += rng.below(50) == 0 ? rng.uniform(-1.0, 2.0) : rng.uniform(0.0, 0.02);
    clock.feed(bytes, at);
    if (const auto g = clock.grid(at)) {
      ASSERT_TRUE(std::isfinite(g->beat_at(at)));
      ASSERT_GE(g->bpm, 20.0);
      ASSERT_LE(g->bpm, 400.0);
    }
  }
  EXPECT_GT(clock.ticks(), 1000u);
}

}  // namespace
}  // namespace ombra::audio
