// Runs the show as a user would: what it refuses, and the whole way from a real sound input to the picture. A beat is
// played into a sound server's silent sink, the show listens to its monitor, and its report and pictures must respond.

#include "audio/pulse_sink.hpp"
#include "audio/signals.hpp"
#include "cli/program.hpp"

#include <gtest/gtest.h>
#include <stb_image.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace ombra {
namespace {

namespace fs = std::filesystem;
using test::Outcome, test::has, test::shipped_model;

class PerformCommand : public test::ProgramTest {};

TEST_F(PerformCommand, ListsItsParameters) {
  const Outcome done = run("perform --list-parameters");
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_PRED2(has, done.out, "| `dancer/temperature` |");
  EXPECT_PRED2(has, done.out, "| `look/glow` |");
}

TEST_F(PerformCommand, ListsItsKeysAsTheSessionBindsThem) {
  const Outcome done = run("--list-keys --no-session");
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_TRUE(has(read_text(OMBRA_SOURCE "/README.md"), done.out)) << "README.md, Keys";
  std::filesystem::create_directories(folder / "ombra");
  write_atomically(folder / "ombra" / "session.toml", "[keys]\nblackout = \"Q\"\nmirror = \"Q\"\n");
  const Outcome bound = run("perform --list-keys", "XDG_STATE_HOME=" + folder.string());
  EXPECT_EQ(bound.status, 0);
  EXPECT_PRED2(has, bound.out, "| `Q` | fades to black");
  EXPECT_PRED2(has, bound.err, "session.toml:3: Q belongs to blackout, mirror stays on M");
}

TEST_F(PerformCommand, RefusesWrongUsageWithAHint) {
  const std::pair<const char*, const char*> wrong[] = {
      {"--headless", "--seconds"},
      {"--headless --seconds 1 --size huge", "1280x720"},
      {"--headless --seconds 1 --set dancer/temprature=1", "dancer/temperature"},
      {"--headless --seconds 1 --look disco", "one of"},
      {"--headless --seconds 1 --channels 0", "--channels 3,4"},
      {"--headless --seconds 1 --channels 3,", "--channels 3,4"},
      {"--headless --seconds 1 --device tpu", "cuda"},
      {"--headless --seconds 1 --decoder cuda", "cpu"},
      {"--headless --seconds 1 --record a.avi", ".mkv"},
      {"--headless --seconds 1 --record a.mp4 --record-size big", "--record-size 1280x720"},
      {"--no-such-option", "no-such-option"}};
  for (const auto& [words, said] : wrong) {
    const Outcome done = run(std::string("perform ") + words);
    EXPECT_EQ(done.status, 2) << words << ": " << done.err;
    EXPECT_PRED2(has, done.err, said);
  }
}

TEST_F(PerformCommand, FailsWithTheNameOfTheFile) {
  EXPECT_EQ(run("perform --headless --seconds 1 --preset /nowhere/night.toml").status, 1);
  write_atomically(folder / "broken.toml", "[dancer]\ntemperature = = 1\n");
  const Outcome broken = run("perform --headless --seconds 1 --preset " + (folder / "broken.toml").string());
  EXPECT_EQ(broken.status, 1);
  EXPECT_PRED2(has, broken.err, "broken.toml:2");
  const Outcome model = run("perform --headless --seconds 1 --model /nowhere/model");
  EXPECT_EQ(model.status, 1);
  EXPECT_PRED2(has, model.err, "/nowhere/model");
}

// The program alone, without the module beside it: shows and videos go on; what needs LibTorch says what is missing.
TEST_F(PerformCommand, LibTorchIsLoadedOnlyWhereItIsNeeded) {
  if (shipped_model().empty()) GTEST_SKIP() << "no model";
  const std::string show =
      "perform --headless --silent --size 160x90 --input \"bundled track\" --seconds 1 --log-level debug";
  const Outcome beside = run(show);
  ASSERT_EQ(beside.status, 0) << beside.err;
  EXPECT_FALSE(has(beside.err, "loading ")) << beside.err;
  const Outcome asked = run(show + " --device cuda");
  EXPECT_PRED2(has, asked.err, "ombra_torch.so");
  // every function behind the door answers, by the name of a file that is not there
  for (const std::string words :
       {"train --data none.here -o model", "evaluate models/ombra --data none.here",
        "evaluate --compare models/ombra --data none.here", "import none.here --recipe dancenet-2018 -o model"}) {
    const Outcome done = run(words, "cd " OMBRA_SOURCE " &&");
    EXPECT_EQ(done.status, 1) << words;
    EXPECT_PRED2(has, done.err, "none.here: ") << words;
  }

  std::filesystem::copy_file(OMBRA_PROGRAM, folder / "ombra");
  const auto alone = [&](const std::string& words) {
    const std::string command = "OMBRA_DATA=" OMBRA_SOURCE " " + (folder / "ombra").string() + " " + words + " >" +
                                (folder / "stdout").string() + " 2>" + (folder / "stderr").string() + " </dev/null";
    const int code = std::system(command.c_str());
    return Outcome{WIFEXITED(code) ? WEXITSTATUS(code) : -1, "", read_text(folder / "stderr")};
  };
  const Outcome danced = alone(show + " --model " + shipped_model().string());
  EXPECT_EQ(danced.status, 0) << danced.err;
  const Outcome train = alone("train --data none.safetensors -o " + (folder / "model").string());
  EXPECT_EQ(train.status, 1);
  EXPECT_PRED2(has, train.err, "ombra_torch.so is not beside the program");
  EXPECT_PRED2(has, train.err, "hint: ");
}

TEST_F(PerformCommand, DecodesWhereItIsTold) {
  if (shipped_model().empty()) GTEST_SKIP() << "no model";
  for (const std::string decoder : {"gl", "cpu"}) {
    const Outcome done = run(
        "perform --headless --silent --size 160x90 --json --input \"bundled track\" --seconds 3 --decoder " + decoder);
    ASSERT_EQ(done.status, 0) << done.err;
    const auto told = nlohmann::json::parse(done.out);
    EXPECT_EQ(told["decoder"], decoder);
    EXPECT_GT(told["decode_ms"], 0.0);
    EXPECT_EQ(told["faults"], 0);
  }
}

TEST_F(PerformCommand, RecordsFromTheBeginningAndReplacesNothing) {
  if (shipped_model().empty()) GTEST_SKIP() << "no model";
  const std::string words =
      "perform --headless --silent --size 160x90 --json --input \"bundled track\" --seconds 3 "
      "--record " +
      (folder / "night.mp4").string();
  const Outcome done = run(words);
  ASSERT_EQ(done.status, 0) << done.err;
  const auto told = nlohmann::json::parse(done.out);
  EXPECT_EQ(told["recording"], (folder / "night.mp4").string());
  EXPECT_GT(told["recorded"], 5) << told;
  const auto bytes = fs::file_size(folder / "night.mp4");
  EXPECT_GT(bytes, 2000u);
  const Outcome again = run(words);
  EXPECT_EQ(again.status, 1);
  EXPECT_PRED2(has, again.err, "--overwrite");
  EXPECT_EQ(fs::file_size(folder / "night.mp4"), bytes);
  EXPECT_EQ(run(words + " --overwrite").status, 0);
}

TEST_F(PerformCommand, TheSongIsNotRecordedOver) {
  if (shipped_model().empty()) GTEST_SKIP() << "no model";
  const fs::path song = folder / "song.mp4";  // a film's sound may be the song
  ASSERT_EQ(
      run("perform --headless --silent --size 160x90 --input \"bundled track\" --seconds 3 --record " + song.string())
          .status,
      0);
  const std::string bytes = read_text(song);
  const Outcome over = run("perform --headless --silent --size 160x90 --seconds 2 --overwrite --play " + song.string() +
                           " --record " + song.string());
  EXPECT_NE(over.status, 0);
  EXPECT_PRED2(has, over.err, "read as an input");
  EXPECT_TRUE(read_text(song) == bytes) << "it keeps its bytes";
}

TEST_F(PerformCommand, WithoutADisplayItSuggestsRender) {
  const Outcome done =
      run("perform --no-session --model /nowhere", "env -u DISPLAY -u WAYLAND_DISPLAY -u SDL_VIDEODRIVER");
  EXPECT_EQ(done.status, 1);
  EXPECT_PRED2(has, done.err, "ombra render SONG -o OUT.mp4");
}

// Mean difference of two pictures of the same size, 0..255, over their middle half.
double difference(const fs::path& a, const fs::path& b) {
  int width = 0, height = 0, width_b = 0, height_b = 0, channels = 0;
  stbi_uc* x = stbi_load(a.c_str(), &width, &height, &channels, 1);
  stbi_uc* y = stbi_load(b.c_str(), &width_b, &height_b, &channels, 1);
  double sum = -1.0;
  if (x && y && width == width_b && height == height_b) {
    sum = 0.0;
    for (int row = 0; row < height; ++row) {
      for (int column = width / 4; column < 3 * width / 4; ++column) {
        sum += std::abs(x[row * width + column] - y[row * width + column]);
      }
    }
    sum /= height * (width / 2);
  }
  stbi_image_free(x);
  stbi_image_free(y);
  return sum;
}

TEST_F(PerformCommand, DancesToARealInput) {
  if (shipped_model().empty()) GTEST_SKIP() << "no model";
  std::string why;
  const auto server = test::PulseSink::start(why);
  if (!server) GTEST_SKIP() << why;
  constexpr double kBpm = 126.0, kSeconds = 12.0;
  const std::string words = "perform --headless --silent --input pulse --size 320x180 --look paper --json --model " +
                            shipped_model().string() + " --set look/grain=0 --set look/trails=0";

  const Outcome quiet = run(words + " --seconds 5");
  ASSERT_EQ(quiet.status, 0) << quiet.err;
  const fs::path wav = server->folder() / "beat.wav";
  test::write_wav(wav, test::house_beat(kBpm, 60.0));
  server->play(wav);
  const fs::path frames = folder / "frames";
  const Outcome loud = run(words + " --save-every 20 --save-frames " + frames.string() + " --seconds 12");
  ASSERT_EQ(loud.status, 0) << loud.err;

  const auto before = nlohmann::json::parse(quiet.out), after = nlohmann::json::parse(loud.out);
  EXPECT_LT(before["level_max"], 0.1) << before;
  EXPECT_LT(before["onsets"], 5) << before;
  // what it heard
  EXPECT_GT(after["level_max"], 0.5) << after;
  EXPECT_NEAR(after["tempo_bpm"], kBpm, 0.03 * kBpm) << after;
  EXPECT_GT(after["tempo_confidence"], 0.3) << after;
  const double two_per_beat = 2.0 * kSeconds * kBpm / 60.0;  // kick and hat
  EXPECT_GT(after["onsets"], 0.4 * two_per_beat) << after;
  EXPECT_LT(after["onsets"], 1.2 * two_per_beat) << after;
  // what the music does to the dance, through the modulation table
  EXPECT_GT(after["temperature_mean"].get<double>(), before["temperature_mean"].get<double>() + 0.05);
  EXPECT_GT(after["energy_mean"].get<double>(), before["energy_mean"].get<double>() + 0.05);
  EXPECT_GT(after["glow_mean"].get<double>(), before["glow_mean"].get<double>() + 0.02);
  EXPECT_GT(after["moves"], 10) << after;
  EXPECT_EQ(after["faults"], 0) << after;
  EXPECT_EQ(after["overruns"], 0) << after;
  // what is seen
  std::vector<fs::path> pictures;
  for (const auto& file : fs::directory_iterator(frames)) pictures.push_back(file.path());
  std::sort(pictures.begin(), pictures.end());
  ASSERT_GT(pictures.size(), 3u);
  EXPECT_EQ(pictures.front().filename(), "frame_000001.png");
  int moved = 0;
  for (std::size_t i = 2; i < pictures.size(); ++i) moved += difference(pictures[i - 1], pictures[i]) > 1.0;
  EXPECT_GT(moved, static_cast<int>(pictures.size() - 2) / 2) << "the figure hardly moves";
}

}  // namespace
}  // namespace ombra
