#include "audio/input/loud_time.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace ombra::audio {
namespace {

constexpr double kStepS = 0.1;

// -> for so long it has been loud at the end of some seconds, peak(t) being what the meter says
double loud_for(double seconds, const std::function<float(double)>& peak) {
  LoudTime loud(kLoudPlayed);
  double now_s = 50.0;
  for (double t = 0.0; t < seconds; t += kStepS) loud.add(peak(t), now_s = 50.0 + t);
  return loud.seconds(now_s);
}

// a beat of 100 BPM that rings for a fifth of a second
float beat(double t) { return std::fmod(t, 0.6) < 0.2 ? 0.3f : 0.0f; }

TEST(LoudTime, MusicGoesOnAndABellDoesNot) {
  EXPECT_GE(loud_for(3.0, beat), kMusicS);
  EXPECT_LT(loud_for(1.8, beat), kMusicS) << "too early to say";
  EXPECT_LT(loud_for(3.0, [](double t) { return t < 1.5 ? 0.5f : 0.0f; }), kMusicS) << "one bell";
  EXPECT_LT(loud_for(30.0, [](double t) { return std::fmod(t, 3.0) < 1.5 ? 0.5f : 0.0f; }), kMusicS) << "some bells";
  EXPECT_EQ(loud_for(9.0, [](double) { return 0.5f * kLoudPlayed; }), 0.0) << "hum";
  EXPECT_EQ(loud_for(9.0, [](double t) { return t < 6.0 ? beat(t) : 0.0f; }), 0.0) << "the music has ended";
  EXPECT_EQ(loud_for(9.0, [](double) { return NAN; }), 0.0);
}

TEST(LoudTime, KeepsTheLargestPeakForHalfASecond) {
  LoudTime loud(kLoudPlayed);
  for (double t = 0.0; t < 3.0; t += kStepS) {
    loud.add(std::abs(t - 1.0) < 0.01 ? 0.7f : 0.1f, 50.0 + t);
    if (t > 1.05 && t < 1.45) {
      EXPECT_EQ(loud.peak(), 0.7f) << t;
    }
  }
  EXPECT_EQ(loud.peak(), 0.1f);
}

struct Verdicts {
  int mutees = 0;             // times that we fell silent
  double music_after_s = -1;  // -1: never
};

// A room for so many seconds: room(t, ours) is what the microphone hears while our track is (not) heard.
Verdicts be_in(const std::function<float(double, bool)>& room, double seconds, bool audible = true) {
  LoudTime loud(kLoudMicrophone);
  MicrophoneCheck check;
  Verdicts all;
  bool muted = false;
  double ours_until_s = 0.0;  // the fade and what is on its way to the loudspeakers
  for (double t = 0.0; t < seconds; t += kStepS) {
    if (!muted) ours_until_s = t + 1.0;
    loud.add(room(t, audible && t < ours_until_s), 50.0 + t);
    const auto verdict = check.step(loud, audible, 50.0 + t);
    if (verdict == MicrophoneCheck::Verdict::kMusic) {
      all.music_after_s = t;
      return all;
    }
    all.mutees += verdict == MicrophoneCheck::Verdict::kMute && !muted;
    muted = verdict == MicrophoneCheck::Verdict::kMute;
  }
  return all;
}

TEST(MicrophoneCheck, OurOwnTrackIsNotMusic) {
  const Verdicts all = be_in([](double t, bool ours) { return ours ? beat(t) : 0.01f; }, 120.0);
  EXPECT_LT(all.music_after_s, 0.0);
  EXPECT_EQ(all.mutees, 1) << "once, and then its level is known";
}

TEST(MicrophoneCheck, AQuietRoomIsLeftAlone) {
  const Verdicts all = be_in([](double, bool) { return 0.02f; }, 60.0);
  EXPECT_LT(all.music_after_s, 0.0);
  EXPECT_EQ(all.mutees, 0);
}

TEST(MicrophoneCheck, SomebodyElsesMusicIsMusic) {
  const Verdicts at_once = be_in([](double t, bool) { return beat(t); }, 60.0, false);
  EXPECT_GE(at_once.music_after_s, kMusicS) << "nothing of ours is heard: no need to fall silent";
  EXPECT_LT(at_once.music_after_s, 4.0);
  EXPECT_EQ(at_once.mutees, 0);
  const Verdicts together = be_in([](double t, bool) { return beat(t); }, 60.0);
  EXPECT_GT(together.music_after_s, 0.0);
  EXPECT_LT(together.music_after_s, 10.0);
  EXPECT_EQ(together.mutees, 1) << "what is still there when we fall silent is not ours";
}

TEST(MicrophoneCheck, ABandThatBeginsLaterIsFoundWhenItIsLouder) {
  const auto room = [](double t, bool ours) {
    return std::max(t < 20.0 ? 0.0f : 3.0f * beat(t), ours ? beat(t) : 0.01f);
  };
  const Verdicts all = be_in(room, 60.0);
  EXPECT_GT(all.music_after_s, 20.0);
  EXPECT_LT(all.music_after_s, 30.0);
  EXPECT_EQ(all.mutees, 2);
}

}  // namespace
}  // namespace ombra::audio
