// Following the beat of practice music, of real loops and of the bundled track, as `ombra bench beat` scores it: a beat
// counts when it is within 70 ms of an annotated one, from 5 s on. The loops are found in $OMBRA_SHARED, else in
// ../shared beside the sources.

#include "audio/beat/analysis.hpp"
#include "audio/testbench/aubio_reference.hpp"
#include "audio/testbench/beat_score.hpp"
#include "audio/testbench/degrade.hpp"
#include "audio/testbench/practice_music.hpp"
#include "media/read/audio_reader.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace ombra::audio {
namespace {

std::vector<AudioFrame> frames_of(const std::filesystem::path& file) {
  const media::Sound sound = media::read_audio(file);
  return analyse(mix_to_mono(sound.samples, sound.channels), sound.rate_hz);
}

// -> mean F over pieces of these styles, degraded so
double mean_f(std::initializer_list<const char*> styles, Degradation degradation) {
  double sum = 0.0;
  for (const char* style : styles) {
    const auto piece = practice_piece(style, 6, 30.0);
    const auto hops = analyse(degraded(piece.sound, piece.rate_hz, degradation), piece.rate_hz);
    const double f = score_beats(announced_beats(hops), piece.beats_s).f;
    std::printf("%-16s %-6s F %.2f\n", style, std::string(name_of(degradation)).c_str(), f);
    EXPECT_GE(f, 0.75) << style << ' ' << name_of(degradation);
    sum += f;
  }
  return sum / static_cast<double>(styles.size());
}

TEST(Music, FollowsPracticeMusicOfManyStyles) {
  EXPECT_GT(
      mean_f({"house", "techno", "hip_hop", "waltz", "swing", "breakbeat", "rock", "reggaeton"}, Degradation::kClean),
      0.97);
}

TEST(Music, FollowsPracticeMusicThroughACrowdARoomAndATelephone) {
  EXPECT_GT(mean_f({"house", "waltz", "breakbeat", "rock"}, Degradation::kCrowd), 0.95);
  EXPECT_GT(mean_f({"techno", "hip_hop", "disco", "rock"}, Degradation::kRoom), 0.95);
  EXPECT_GT(mean_f({"waltz", "disco", "breakbeat", "rock"}, Degradation::kPhone), 0.95);
}

TEST(Music, FollowsAMixThroughATelephoneWithinEightSeconds) {
  // the records are two beats a minute apart, and what the fade leaves of the old beat is no reason to keep it
  for (const std::uint64_t seed : {8, 12}) {
    const auto piece = practice_piece("mix", seed);
    const auto hops = analyse(degraded(piece.sound, piece.rate_hz, Degradation::kPhone), piece.rate_hz);
    const BeatScore score = score_beats(announced_beats(hops), piece.beats_s, piece.changes_s);
    EXPECT_GE(score.relock_s, 0.0) << piece.name;
    EXPECT_LT(score.relock_s, 8.0) << piece.name;
  }
}

TEST(Music, KeepsTheBeatThroughAPassageWithoutDrums) {
  for (const std::uint64_t seed : {1, 9}) {
    const auto piece = practice_piece("break", seed);
    EXPECT_GT(score_beats(announced_beats(analyse(piece.sound, piece.rate_hz)), piece.beats_s).f, 0.9) << piece.name;
  }
}

TEST(Music, FollowsATempoRampAndADeejaysMix) {
  const auto ramp = practice_piece("ramp", 1);
  EXPECT_GT(score_beats(announced_beats(analyse(ramp.sound, ramp.rate_hz)), ramp.beats_s).f, 0.9);
  for (const char* style : {"mix", "cut_140"}) {
    const auto piece = practice_piece(style, 1);
    const BeatScore score =
        score_beats(announced_beats(analyse(piece.sound, piece.rate_hz)), piece.beats_s, piece.changes_s);
    EXPECT_GE(score.relock_s, 0.0) << style;
    EXPECT_LT(score.relock_s, 8.0) << style;
  }
}

TEST(Music, AubioHearsTheSameBeatsInPlainMusic) {
  const auto piece = practice_piece("disco", 1);
  EXPECT_GT(score_beats(aubio_beats(piece.sound, piece.rate_hz), piece.beats_s).f, 0.9);
}

TEST(Music, FollowsTheBeatOfRealLoops) {
  const char* shared = std::getenv("OMBRA_SHARED");
  const std::filesystem::path folder =
      std::filesystem::path(shared ? shared : OMBRA_SOURCE_DIR "/../shared") / "data" / "audio";
  std::ifstream annotations(folder / "beats.json");
  if (!annotations) GTEST_SKIP() << "no annotated loops in " << folder;
  const auto loops = nlohmann::json::parse(annotations);
  const char* through_a_room = "loop_garzul_x3.ogg";  // 148 beats a minute, not 74
  for (const Degradation degradation : {Degradation::kCrowd, Degradation::kRoom}) {
    const media::Sound sound = media::read_audio(folder / through_a_room, {.rate_hz = 44100});
    const auto hops = analyse(degraded(mix_to_mono(sound.samples, sound.channels), sound.rate_hz, degradation), 44100);
    const auto truth = loops[through_a_room]["beats"].get<std::vector<double>>();
    EXPECT_GT(score_beats(announced_beats(hops), truth).f, 0.9) << name_of(degradation);
  }
  double sum = 0.0;
  int good = 0;
  for (const auto& [name, loop] : loops.items()) {
    const auto beats = announced_beats(frames_of(folder / name));
    const double f = score_beats(beats, loop["beats"].get<std::vector<double>>()).f;
    std::printf("%-24s F %.2f\n", name.c_str(), f);
    sum += f;
    good += f > 0.9 ? 1 : 0;
  }
  const auto n = static_cast<double>(loops.size());
  std::printf("mean F %.3f, followed %d of %.0f\n", sum / n, good, n);
  EXPECT_GT(sum / n, 0.73);
  EXPECT_GE(good, 6);  // two are annotated where they have hardly a note: see src/cli/bench_beat.cpp
}

TEST(Music, BundledTrackIsFollowedFromItsBeatZeroWithBothDrops) {
  const std::filesystem::path file = OMBRA_SOURCE_DIR "/assets/track.opus";
  const auto frames = frames_of(file);
  constexpr double kBeatS = 60.0 / 124.0;
  EXPECT_NEAR(frames.back().time_s, 320.0 * kBeatS, 0.02);  // 80 bars
  std::vector<double> truth;
  for (int beat = 0; beat < 320; ++beat) truth.push_back(beat * kBeatS);
  const double f = score_beats(announced_beats(frames), truth).f;
  std::printf("bundled track: F from 5 s on %.3f\n", f);
  EXPECT_GT(f, 0.97);
  ASSERT_EQ(frames.back().drop_count, 2u);
  for (const int drop : {1, 2}) {
    const auto found = std::find_if(frames.begin(), frames.end(), [drop](const AudioFrame& frame) {
      return frame.drop_count == static_cast<std::uint64_t>(drop);
    });
    EXPECT_NEAR(found->time_s, (drop == 1 ? 24 : 56) * 4.0 * kBeatS, 0.3);
  }
}

}  // namespace
}  // namespace ombra::audio
