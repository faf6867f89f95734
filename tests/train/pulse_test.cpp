#include "footage/motion/pulse.hpp"

#include "footage/motion/picture_pose.hpp"
#include "train/synthetic.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ombra::train {
namespace {

constexpr double kFps = 30.0;

std::vector<std::vector<Pose2>> views_of(double seconds, double bpm, double first_beat_s) {
  MotionClip clip;
  clip.fps = kFps;
  clip.frames = test::dance(seconds, kFps, bpm, first_beat_s);
  return {to_picture(clip, kFps, 0.0)};
}

// -> mean distance of the beats found from the beats danced, s; a beat danced is first_beat_s + k 60/bpm
double error_of(const Pulse& pulse, double bpm, double first_beat_s) {
  double sum = 0.0;
  for (const double frame : pulse.beats) {
    const double beats = (frame / kFps - first_beat_s) * bpm / 60.0;
    sum += std::abs(beats - std::round(beats)) * 60.0 / bpm;
  }
  return sum / static_cast<double>(pulse.beats.size());
}

TEST(Pulse, FindsTheBeatsThatWereDanced) {
  for (const double bpm : {90.0, 112.0, 126.0}) {
    const Pulse pulse = find_pulse(views_of(24.0, bpm, 0.37), kFps, 0.0);
    EXPECT_EQ(pulse.source, "motion");
    EXPECT_NEAR(pulse.bpm, bpm, 0.03 * bpm);
    EXPECT_LT(error_of(pulse, bpm, 0.37), 0.035) << bpm << " BPM";
    EXPECT_GT(pulse.alignment.gap(), 0.4);
    EXPECT_GT(pulse.confidence, 0.8);
    EXPECT_LT(pulse.spread, 0.08);
  }
}

TEST(Pulse, AnExactTempoIsKept) {
  const Pulse pulse = find_pulse(views_of(20.0, 80.0, 0.2), kFps, 80.0);
  EXPECT_EQ(pulse.source, "exact tempo");
  EXPECT_NEAR(pulse.bpm, 80.0, 1.0);
  EXPECT_LT(error_of(pulse, 80.0, 0.2), 0.035);
}

TEST(Pulse, BeatsCountOnFromTheStart) {
  const Pulse pulse = find_pulse(views_of(12.0, 120.0, 0.3), kFps, 0.0);
  double last = -1e-9;
  for (double frame = 0.0; frame < 12.0 * kFps; frame += 0.5) {
    const double beat = pulse.beat_at(frame);
    EXPECT_GE(beat, last);
    last = beat;
  }
  for (const double frame : pulse.beats) EXPECT_NEAR(pulse.beat_at(frame), std::round(pulse.beat_at(frame)), 1e-9);
  EXPECT_NEAR(pulse.beat_at(12.0 * kFps) - pulse.beat_at(0.0), 24.0, 1.0);
}

TEST(Pulse, EvenBeatsAreTheMarkedOnes) {
  for (const int marked : {0, 1}) {
    MotionClip clip;
    clip.fps = kFps;
    clip.frames = test::dance(20.0, kFps, 100.0);
    for (std::size_t t = 0; t < clip.frames.size(); ++t) {  // on every other beat something keeps moving
      const double beats = static_cast<double>(t) / kFps * 100.0 / 60.0;
      const double off = std::abs(std::remainder(beats - (1 - marked), 2.0));
      const auto wave = static_cast<float>(off < 0.35 ? 0.04 * std::sin(beats * 20.0) : 0.0);
      clip.frames[t][kRHand].x += wave;
    }
    const Pulse pulse = find_pulse(std::vector<std::vector<Pose2>>{to_picture(clip, kFps, 0.0)}, kFps, 0.0);
    const double beat = pulse.beat_at((marked + 6) * 0.6 * kFps);  // a marked beat
    EXPECT_NEAR(std::remainder(beat, 2.0), 0.0, 0.15) << "marked: " << marked;
  }
}

TEST(Pulse, SaysSoWhenThereIsNone) {
  EXPECT_EQ(find_pulse({}, kFps, 0.0).source, "none");
  const Pulse blink = find_pulse(views_of(1.0, 120.0, 0.0), kFps, 0.0);
  EXPECT_EQ(blink.source, "none");
  EXPECT_TRUE(std::isnan(blink.beat_at(3.0)));
  const Pulse statue = find_pulse(std::vector<std::vector<Pose2>>{std::vector<Pose2>(600)}, kFps, 0.0);
  EXPECT_LT(statue.confidence, 0.05) << "no confidence in the pulse of a statue";
}

TEST(Pulse, ShiftedBeatsAlignWorse) {
  const auto views = views_of(20.0, 100.0, 0.0);
  std::vector<double> on, off;
  for (int k = 1; k < 30; ++k) {
    on.push_back(k * 60.0 / 100.0 * kFps);
    off.push_back((k + 0.5) * 60.0 / 100.0 * kFps);
  }
  const std::vector<double> v = speed(views[0]);
  EXPECT_GT(alignment(v, kFps, on).on_beat, 0.85);
  EXPECT_LT(alignment(v, kFps, off).on_beat, 0.25);
  EXPECT_GT(alignment(v, kFps, on).gap(), 0.4);
  EXPECT_EQ(alignment(v, kFps, std::vector<double>{1.0}).on_beat, 0.0);
}

TEST(Pulse, BeatsOfAnEvenPulseAreEven) {
  std::vector<double> stops(600, 0.0);
  for (std::size_t t = 7; t < stops.size(); t += 16) stops[t] = 1.0;
  stops[7 + 5 * 16] = 0.0;  // one beat is silent
  const std::vector<double> beats = beat_times(stops, 16.0, 15.0);
  ASSERT_GT(beats.size(), 30u);
  for (std::size_t i = 1; i < beats.size(); ++i) EXPECT_EQ(beats[i] - beats[i - 1], 16.0);
  EXPECT_TRUE(beat_times({}, 16.0, 15.0).empty());
}

}  // namespace
}  // namespace ombra::train
