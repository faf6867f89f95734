#include "footage/motion/soundtrack.hpp"

#include "audio/signals.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "footage/motion/manifest.hpp"
#include "footage/prepare/prepare.hpp"
#include "temp_folder.hpp"
#include "train/synthetic.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;

constexpr double kSeconds = 16.0, kClickBpm = 120.0, kFirstClickS = 0.31, kDanceBpm = 92.0;

// -> the largest distance of a time from the clicks, s
double worst_error(const std::vector<double>& times_s) {
  double worst = 0.0;
  for (const double t : times_s) {
    const double beats = (t - kFirstClickS) * kClickBpm / 60.0;
    worst = std::max(worst, std::abs(beats - std::round(beats)) * 60.0 / kClickBpm);
  }
  return worst;
}

// One take that dances at a tempo of its own, so that beats of the motion and of the sound cannot be mistaken.
class SoundtrackTest : public ombra::test::FolderTest {
 protected:
  void SetUp() override {
    write_atomically(folder / "in/clip.trc", test::trc_text(test::dance(kSeconds, 60.0, kDanceBpm), 60.0));
  }

  void write_clicks(const fs::path& path) const {
    fs::create_directories(path.parent_path());
    ombra::test::write_wav(path, ombra::test::click_train(kClickBpm, kSeconds, kFirstClickS));
  }
  DataSet prepared() const {
    PrepareOptions options;
    options.inputs = {folder / "in"};
    options.output = folder / "out/dance.safetensors";
    options.size = 16;
    options.threads = 1;
    options.yaws = {0.0, 40.0};
    prepare(options);
    return DataSet(options.output);
  }
  // The clicks as the data set has them: its beat count is whole at each.
  static void expect_clicks(const DataSet& data) {
    for (const DataClip& clip : data.clips()) {
      EXPECT_EQ(clip.beat_source, "soundtrack");
      EXPECT_NEAR(clip.bpm, kClickBpm, 1.0);
      EXPECT_GT(clip.beat_confidence, 0.5);
      ASSERT_EQ(clip.length, static_cast<std::int64_t>(kSeconds * data.fps())) << "the dance fills the take";
      for (double t = kFirstClickS; t < kSeconds - 0.1; t += 60.0 / kClickBpm) {
        const double at = t * data.fps(), part = at - std::floor(at);
        const auto i = static_cast<std::size_t>(clip.start) + static_cast<std::size_t>(at);
        const double beat = (1.0 - part) * data.beat()[i] + part * data.beat()[i + 1];
        EXPECT_LT(std::abs(beat - std::round(beat)) * 60.0 / kClickBpm, 0.06) << "click at " << t << " s";
      }
      EXPECT_GE(data.beat()[static_cast<std::size_t>(clip.start)], 0.0f);
    }
  }
};

TEST_F(SoundtrackTest, TheSoundBesideAMotionGivesTheBeat) {
  write_clicks(folder / "in/clip.wav");
  expect_clicks(prepared());
}

TEST_F(SoundtrackTest, TheManifestMayNameTheSound) {
  write_clicks(folder / "in/music/song.wav");
  write_atomically(folder / "in/manifest.csv", "clip,soundtrack\nclip,music/song.wav\n");
  expect_clicks(prepared());
}

TEST_F(SoundtrackTest, AnExactTempoGoesFirst) {
  write_clicks(folder / "in/clip.wav");
  write_atomically(folder / "in/manifest.csv", "clip,exact_bpm\nclip,92\n");
  const DataSet data = prepared();
  EXPECT_EQ(data.clips()[0].beat_source, "exact tempo");
  EXPECT_NEAR(data.clips()[0].bpm, kDanceBpm, 2.0);
}

TEST_F(SoundtrackTest, UnusableSoundLeavesTheBeatToTheMotion) {
  const fs::path output = folder / "out/dance.safetensors";
  prepared();
  const std::string without = read_text(output, std::size_t{1} << 30);
  const auto expect_the_same = [&](const char* what) {
    EXPECT_EQ(prepared().clips()[0].beat_source, "motion") << what;
    EXPECT_EQ(read_text(output, std::size_t{1} << 30), without) << what;
  };
  write_atomically(folder / "in/clip.wav", "RIFF this is no sound at all");
  expect_the_same("broken");
  write_atomically(folder / "in/clip.wav", "");
  expect_the_same("empty");
  ombra::test::write_wav(folder / "in/clip.wav", ombra::test::noise(0.1, kSeconds));
  expect_the_same("noise");
  ombra::test::write_wav(folder / "in/clip.wav", ombra::test::click_train(kClickBpm, 1.0));
  expect_the_same("a second of sound");
  write_atomically(folder / "in/manifest.csv", "clip,soundtrack\nclip,nowhere.wav\n");
  expect_the_same("no such file");
}

TEST_F(SoundtrackTest, TheManifestMayNotLeaveItsFolder) {
  write_clicks(folder / "secret.wav");
  for (const std::string path : {"../secret.wav", "a/../../secret.wav", "/etc/passwd", ".."}) {
    try {
      parse_manifest("clip,soundtrack\nclip," + path + "\n", "m.csv");
      ADD_FAILURE() << path;
    } catch (const Error& e) {
      EXPECT_NE(std::string(e.what()).find("m.csv:2: soundtrack '" + path + "' is outside"), std::string::npos)
          << e.what();
    }
  }
  fs::create_symlink(folder / "secret.wav", folder / "in/link.wav");
  write_atomically(folder / "in/manifest.csv", "clip,soundtrack\nclip,link.wav\n");
  EXPECT_THROW(prepared(), Error) << "a link that leads out";
  EXPECT_EQ(parse_manifest("clip,soundtrack\nclip,a/../b.wav\n", "m.csv").at("clip").soundtrack, "a/../b.wav");
}

TEST(Soundtrack, BeatsReachFromStartToEnd) {
  const auto sound = ombra::test::click_train(kClickBpm, 12.0, kFirstClickS);
  const SoundBeats beats = hear_beats(sound, 48000, 15.0);
  ASSERT_GT(beats.times_s.size(), 25u);
  EXPECT_LT(beats.times_s.front(), 0.5);
  EXPECT_GT(beats.times_s.back(), 14.5) << "beyond the end of the sound";
  for (std::size_t i = 1; i < beats.times_s.size(); ++i)
    EXPECT_NEAR(beats.times_s[i] - beats.times_s[i - 1], 0.5, 0.02) << i;
  EXPECT_LT(worst_error(beats.times_s), 0.02);
}

TEST(Soundtrack, SilenceHasNoBeat) {
  EXPECT_TRUE(hear_beats({}, 48000, 5.0).times_s.empty());
  EXPECT_TRUE(hear_beats(std::vector<float>(48000 * 8), 48000, 8.0).times_s.empty());
}

}  // namespace
}  // namespace ombra::train
