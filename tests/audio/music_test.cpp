// Beat tracking of real loops and of the bundled track, measured as the MIREX F-measure: a beat counts when it is
// within 70 ms of an annotated one. The loops are found in $OMBRA_SHARED, else in ../shared beside the sources.

#include "audio/analysis.hpp"
#include "media/audio_reader.hpp"

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

// Beats as a dancer would hear them announced: each at the time that the frame before it predicted.
std::vector<double> announced_beats(std::span<const AudioFrame> frames) {
  std::vector<double> beats;
  for (std::size_t i = 1; i < frames.size(); ++i) {
    const BeatGrid& grid = frames[i - 1].grid;
    const double beat = std::floor(grid.beat_at(frames[i].time_s));
    if (beat > std::floor(grid.anchor_beat)) beats.push_back(grid.time_of(beat));
  }
  return beats;
}

double f_measure(std::span<const double> beats, std::span<const double> truth, double from_s) {
  constexpr double kNear = 0.07;
  int hits = 0, annotated = 0, found = 0;
  for (const double t : truth) {
    if (t < from_s) continue;
    ++annotated;
    hits += std::any_of(beats.begin(), beats.end(), [t](double b) { return std::abs(b - t) <= kNear; }) ? 1 : 0;
  }
  for (const double b : beats) found += b >= from_s - kNear ? 1 : 0;
  return annotated + found == 0 ? 0.0 : 2.0 * hits / (annotated + found);
}

TEST(Music, FollowsTheBeatOfRealLoops) {
  const char* shared = std::getenv("OMBRA_SHARED");
  const std::filesystem::path folder =
      std::filesystem::path(shared ? shared : OMBRA_SOURCE_DIR "/../shared") / "data" / "audio";
  std::ifstream annotations(folder / "beats.json");
  if (!annotations) GTEST_SKIP() << "no annotated loops in " << folder;
  const auto loops = nlohmann::json::parse(annotations);
  double whole = 0.0, locked = 0.0;
  int good = 0;
  for (const auto& [name, loop] : loops.items()) {
    const auto beats = announced_beats(frames_of(folder / name));
    const auto truth = loop["beats"].get<std::vector<double>>();
    const double f = f_measure(beats, truth, 0.0), f5 = f_measure(beats, truth, 5.0);
    std::printf("%-24s F %.2f, from 5 s on %.2f\n", name.c_str(), f, f5);
    whole += f;
    locked += f5;
    good += f5 > 0.9 ? 1 : 0;
  }
  const auto n = static_cast<double>(loops.size());
  std::printf("mean F %.3f, from 5 s on %.3f, followed %d of %.0f\n", whole / n, locked / n, good, n);
  EXPECT_GT(whole / n, 0.58);
  EXPECT_GT(locked / n, 0.68);
  EXPECT_GE(good, 5);
}

TEST(Music, BundledTrackIsFollowedFromItsBeatZeroWithBothDrops) {
  const std::filesystem::path file = OMBRA_SOURCE_DIR "/assets/track.opus";
  const auto frames = frames_of(file);
  constexpr double kBeatS = 60.0 / 124.0;
  EXPECT_NEAR(frames.back().time_s, 320.0 * kBeatS, 0.02);  // 80 bars
  std::vector<double> truth;
  for (int beat = 0; beat < 320; ++beat) truth.push_back(beat * kBeatS);
  const double f = f_measure(announced_beats(frames), truth, 5.0);
  std::printf("bundled track: F from 5 s on %.3f\n", f);
  EXPECT_GT(f, 0.95);
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
