// Ableton Link between two real peers on this machine's network: followed in tempo and phase, never led unasked.

#include "audio/clocks/link_clock.hpp"

#include "audio/clocks/conductor.hpp"
#include "core/clock.hpp"

#include <gtest/gtest.h>
#include <ableton/Link.hpp>

#include <cmath>
#include <functional>
#include <thread>

namespace ombra::audio {
namespace {

using namespace std::chrono_literals;

constexpr double kPeerAnswersS = 8.0;

bool wait_for(const std::function<bool()>& done) {
  for (const double end = now_s() + kPeerAnswersS; now_s() < end; std::this_thread::sleep_for(20ms)) {
    if (done()) return true;
  }
  return done();
}

double tempo_of(ableton::Link& link) { return link.captureAppSessionState().tempo(); }

// -> how many beats (of a bar) we are from the peer at this moment
double distance(ableton::Link& peer, LinkClock& ours) {
  const double at_s = now_s();
  const auto at = peer.clock().micros();
  const auto grid = ours.grid(at_s);
  if (!grid) return 99.0;
  const double theirs = peer.captureAppSessionState().phaseAtTime(at, 4.0);
  const double off = grid->place_in_bar(grid->beat_at(at_s)) - theirs;
  return std::abs(off - 4.0 * std::round(off / 4.0));
}

// Somebody on this network may be making music: then nothing is played with.
class LinkClockTest : public testing::Test {
 protected:
  void SetUp() override {
    LinkClock probe;
    probe.enable(true);
    std::this_thread::sleep_for(700ms);
    if (probe.peers() > 0) GTEST_SKIP() << "others use Ableton Link on this network";
  }
};

#define NEED_MULTICAST(condition) \
  if (!(condition)) GTEST_SKIP() << "no Link peer is found: this machine's network passes no multicast"

TEST(LinkClockAlone, SaysNothingWhenDisabledOrAlone) {
  LinkClock ours;
  EXPECT_FALSE(ours.enabled());
  EXPECT_EQ(ours.peers(), 0);
  EXPECT_FALSE(ours.grid(now_s()));
  ours.enable(true);
  ours.enable(true);
  EXPECT_TRUE(ours.enabled());
  ours.enable(false);
  EXPECT_FALSE(ours.grid(now_s()));
}

TEST_F(LinkClockTest, FollowsTempoPhaseAndPeers) {
  ableton::Link peer(126.0);
  peer.enable(true);
  LinkClock ours;
  ours.enable(true);
  NEED_MULTICAST(wait_for([&] { return ours.peers() >= 1 && peer.numPeers() >= 1; }));
  EXPECT_TRUE(wait_for([&] { return ours.grid(now_s()) && std::abs(ours.grid(now_s())->bpm - 126.0) < 0.01; }));
  EXPECT_TRUE(wait_for([&] { return distance(peer, ours) < 0.010 * 126.0 / 60.0; })) << distance(peer, ours);

  auto state = peer.captureAppSessionState();
  state.setTempo(133.0, peer.clock().micros());
  peer.commitAppSessionState(state);
  EXPECT_TRUE(wait_for([&] { return std::abs(ours.grid(now_s())->bpm - 133.0) < 0.01; }));
  EXPECT_TRUE(wait_for([&] { return distance(peer, ours) < 0.010 * 133.0 / 60.0; })) << distance(peer, ours);

  // and the conductor, led by it, has slid in two seconds later
  Conductor conductor;
  BeatSources sources;
  double at = now_s();
  for (const double end = at + 2.0; at < end; at += 1.0 / 60.0) {
    sources.link = ours.grid(at);
    conductor.step(at, sources, {});
  }
  EXPECT_EQ(conductor.status().lead, Lead::kLink);
  EXPECT_NEAR(conductor.grid().bpm, 133.0, 0.05);

  peer.enable(false);
  EXPECT_TRUE(wait_for([&] { return !ours.grid(now_s()); })) << "a peer that has left leads no more";
}

TEST_F(LinkClockTest, NeverChangesTheTempoOfAPeerThatComesLater) {
  LinkClock ours;
  ours.enable(true);
  std::this_thread::sleep_for(1500ms);  // ours is the older session now
  ableton::Link peer(97.0);
  peer.enable(true);
  NEED_MULTICAST(wait_for([&] { return ours.peers() >= 1; }));
  EXPECT_TRUE(wait_for([&] { return ours.grid(now_s()) && std::abs(ours.grid(now_s())->bpm - 97.0) < 0.01; }));
  for (const double end = now_s() + 2.0; now_s() < end; std::this_thread::sleep_for(20ms)) {
    ours.grid(now_s());
    ASSERT_NEAR(tempo_of(peer), 97.0, 0.01);
  }
}

TEST_F(LinkClockTest, LeadsWhenAsked) {
  ableton::Link peer(126.0);
  peer.enable(true);
  LinkClock ours;
  ours.enable(true);
  NEED_MULTICAST(wait_for([&] { return ours.peers() >= 1 && peer.numPeers() >= 1; }));
  BeatGrid grid;
  grid.anchor_s = now_s(), grid.bpm = 101.0, grid.anchor_beat = 17.3, grid.downbeat = 2.0;
  const auto led = [&] {
    ours.lead(grid, grid.bpm, now_s());
    return std::abs(tempo_of(peer) - 101.0) < 0.01 && distance(peer, ours) < 0.02;
  };
  EXPECT_TRUE(wait_for(led));
  const double at_s = now_s(), place = grid.place_in_bar(grid.beat_at(at_s));
  const double theirs = peer.captureAppSessionState().phaseAtTime(peer.clock().micros(), 4.0);
  EXPECT_LT(std::abs(theirs - place - 4.0 * std::round((theirs - place) / 4.0)), 0.1);
}

TEST_F(LinkClockTest, FollowsStartAndStopOfPeersThatUseThem) {
  ableton::Link peer(120.0);
  peer.enableStartStopSync(true);
  peer.enable(true);
  LinkClock ours;
  ours.enable(true);
  NEED_MULTICAST(wait_for([&] { return ours.peers() >= 1; }));
  EXPECT_TRUE(wait_for([&] { return ours.grid(now_s()).has_value(); }));
  const auto play = [&](bool on) {
    auto state = peer.captureAppSessionState();
    state.setIsPlaying(on, peer.clock().micros());
    peer.commitAppSessionState(state);
  };
  play(true);
  for (const double end = now_s() + 1.5; now_s() < end; std::this_thread::sleep_for(20ms)) {
    EXPECT_TRUE(ours.grid(now_s()).has_value());
  }
  play(false);
  EXPECT_TRUE(wait_for([&] { return !ours.grid(now_s()); }));
  play(true);
  EXPECT_TRUE(wait_for([&] { return ours.grid(now_s()).has_value(); }));
}

}  // namespace
}  // namespace ombra::audio
