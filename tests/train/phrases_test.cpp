#include "footage/motion/phrases.hpp"

#include "footage/motion/picture_pose.hpp"
#include "footage/motion/pulse.hpp"
#include "train/synthetic.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ombra::train {
namespace {

constexpr double kFps = 30.0, kBpm = 120.0;

// A dance that rests on every beat and does something else every eight of them, from beat `first` on.
std::vector<std::vector<Pose2>> phrased(int first, double beats) {
  MotionClip clip;
  clip.fps = kFps;
  clip.frames = test::dance(beats * 60.0 / kBpm, kFps, kBpm);
  Rng rng(5);
  std::vector<std::array<float, 4>> figures;  // of each phrase
  for (int i = 0; i < 64; ++i) {
    std::array<float, 4> f;
    for (float& x : f) x = static_cast<float>(rng.uniform(-0.5, 0.5));
    figures.push_back(f);
  }
  for (std::size_t t = 0; t < clip.frames.size(); ++t) {
    const double beat = static_cast<double>(t) / kFps * kBpm / 60.0;
    const auto phrase = static_cast<std::size_t>(std::floor((beat - first) / kPhraseBeats) + 1.0);
    const auto swing = static_cast<float>(std::sin(3.14159265 * beat));
    const auto& f = figures[phrase];
    Pose3& p = clip.frames[t];
    for (const Joint j : {kLElbow, kLWrist, kLHand}) p[j].y += f[0] + 0.4f * f[1] * swing;
    for (const Joint j : {kRElbow, kRWrist, kRHand}) p[j].y += f[2] + 0.4f * f[3] * swing;
  }
  return {to_picture(clip, kFps, 0.0)};
}

std::vector<double> beats_of(double count) {
  std::vector<double> beats;
  for (double b = 0.0; b < count - 1.0; b += 1.0) beats.push_back(b * 60.0 / kBpm * kFps);
  return beats;
}

TEST(Phrases, BeginWhereTheMovementTurnsToSomethingNew) {
  for (const int first : {0, 2, 4, 6}) {
    const PhraseStart start = find_phrases(phrased(first, 72.0), beats_of(72.0), 0);
    EXPECT_EQ(start.first, first);
    EXPECT_GT(start.confidence, 0.9);
  }
  EXPECT_EQ(find_phrases(phrased(3, 72.0), beats_of(72.0), 1).first, 3) << "odd beats, where they are the marked ones";
}

TEST(Phrases, AreNotClaimedWhereThereAreNone) {
  MotionClip clip;
  clip.fps = kFps;
  clip.frames = test::dance(36.0, kFps, kBpm);  // the same swing all the time
  const auto view = to_picture(clip, kFps, 0.0);
  EXPECT_LT(find_phrases(std::vector<std::vector<Pose2>>{view}, beats_of(72.0), 0).confidence, 0.5);
  EXPECT_EQ(find_phrases(phrased(0, 20.0), beats_of(20.0), 0).confidence, 0.0) << "too short to know";
  EXPECT_EQ(find_phrases({}, beats_of(72.0), 1).first, 1);
}

TEST(Phrases, NumberTheBeatsOfAPulse) {
  const Pulse found = find_pulse(phrased(4, 72.0), kFps, 0.0);
  ASSERT_FALSE(found.beats.empty());
  const PhraseStart start = find_phrases(phrased(4, 72.0), found.beats, found.first_count % 2);
  EXPECT_NEAR(std::remainder(found.beat_at(found.beats[static_cast<std::size_t>(start.first)]), 8.0), 0.0, 1e-9)
      << "a phrase begins on a multiple of eight";
  EXPECT_EQ(found.phrase_confidence, start.confidence);
  EXPECT_GE(found.beat_at(0.0), 0.0);
  const Pulse exact = find_pulse(phrased(4, 72.0), kFps, kBpm, 30.0);  // its take began a second, two beats, earlier
  EXPECT_NEAR(std::remainder(exact.beat_at(-30.0), 8.0), 0.0, 0.15) << "with the take, where the tempo is exact";
  EXPECT_EQ(exact.phrase_confidence, 1.0);
}

TEST(Phrases, APulseIsSureOnlyWhereTheMovementIsOnIt) {
  MotionClip clip;
  clip.fps = kFps;
  clip.frames = test::dance(24.0, kFps, kBpm);
  Rng rng(9);
  for (std::size_t t = 12 * 30; t < clip.frames.size(); ++t) {  // the second half: restless
    for (const Joint j : {kLHand, kRHand, kLWrist, kRWrist}) {
      clip.frames[t][j].x += static_cast<float>(rng.uniform(-0.3, 0.3));
      clip.frames[t][j].y += static_cast<float>(rng.uniform(-0.3, 0.3));
    }
  }
  const Pulse pulse = find_pulse(std::vector<std::vector<Pose2>>{to_picture(clip, kFps, 0.0)}, kFps, kBpm);
  EXPECT_GT(pulse.beat_confidence_at(6.0 * kFps), 0.7);
  EXPECT_LT(pulse.beat_confidence_at(20.0 * kFps), pulse.beat_confidence_at(6.0 * kFps) - 0.3);
}

}  // namespace
}  // namespace ombra::train
