// Renders short songs as a user would, with the dancer that comes with the program, and looks at what came out.

#include "audio/signals.hpp"
#include "cli/program.hpp"
#include "media/read/audio_reader.hpp"
#include "media/read/video_reader.hpp"
#include "pictures.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace ombra {
namespace {

namespace fs = std::filesystem;
using test::Outcome, test::has;
using namespace std::chrono_literals;

class RenderCommand : public test::ProgramTest {
 protected:
  void SetUp() override {
    if (model.empty()) GTEST_SKIP() << "no model";
    test::write_wav(song(), test::house_beat(120.0, 10.0, 0.1));
  }

  fs::path song() const { return folder / "a song.wav"; }
  std::string words(const std::string& more) const {
    return "render '" + song().string() + "' --model '" + model.string() + "' --size 320x180 --fps 30 " + more;
  }

  const fs::path model = test::shipped_model();
};

std::vector<media::VideoFrame> frames_of(const fs::path& video) {
  media::VideoReader reader(video);
  std::vector<media::VideoFrame> frames;
  media::VideoFrame frame;
  while (reader.next(frame)) frames.push_back(frame);
  return frames;
}

double difference(const media::VideoFrame& a, const media::VideoFrame& b) { return test::difference(a.rgb, b.rgb); }

// What ffprobe says of a file's streams; nothing where there is no ffprobe.
nlohmann::json streams_of(const fs::path& video) {
  const fs::path told = video.string() + ".json";
  const std::string command =
      "ffprobe -v quiet -of json -show_streams '" + video.string() + "' >'" + told.string() + "' 2>/dev/null";
  if (std::system(command.c_str()) != 0) return {};
  return nlohmann::json::parse(read_text(told))["streams"];
}

TEST_F(RenderCommand, MakesAVideoWithTheSongsSound) {
  const fs::path video = folder / "dance.mp4";
  const Outcome done = run(words("--from 1 --to 3 -o " + video.string()));
  ASSERT_EQ(done.status, 0) << done.err;
  EXPECT_PRED2(has, done.out, video.string());
  EXPECT_PRED2(has, done.out, "320x180");

  const media::VideoReader reader(video);
  EXPECT_EQ(reader.info().codec, "h264");
  EXPECT_EQ(reader.info().width, 320);
  EXPECT_EQ(reader.info().height, 180);
  EXPECT_NEAR(reader.info().fps, 30.0, 1e-3);
  EXPECT_NEAR(reader.info().duration_s, 2.0, 1.0 / 30.0);
  EXPECT_TRUE(reader.info().has_sound);
  const auto streams = streams_of(video);
  if (streams.is_array()) {
    ASSERT_EQ(streams.size(), 2u);
    EXPECT_EQ(streams[0]["codec_name"], "h264");
    EXPECT_EQ(streams[0]["nb_frames"], "60");
    EXPECT_EQ(streams[1]["codec_name"], "aac");
  }

  const auto frames = frames_of(video);
  ASSERT_EQ(frames.size(), 60u);
  int moved = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_NEAR(frames[i].time_s, static_cast<double>(i) / 30.0, 1e-3);
    EXPECT_GT(test::mean_light(frames[i].rgb), 3.0) << "picture " << i << " is black";
    if (i >= 10) moved += difference(frames[i - 10], frames[i]) > 0.5 ? 1 : 0;
  }
  EXPECT_GT(moved, 30) << "the figure hardly moves";

  // the sound is the song's from 1 s on: the beat at 1.1 s is heard 0.1 s after the beginning
  const media::Sound sound = media::read_audio(video, {.rate_hz = 48000, .channels = 1});
  EXPECT_NEAR(sound.seconds(), 2.0, 0.06);
  std::size_t first = 0;
  while (first < sound.samples.size() && std::abs(sound.samples[first]) < 0.2f) ++first;
  EXPECT_NEAR(static_cast<double>(first) / sound.rate_hz, 0.1, 0.02) << "sound and picture begin together";
}

TEST_F(RenderCommand, TheSameSeedGivesTheSamePicturesAnotherDoesNot) {
  const auto made = [&](const char* name, const std::string& more) {
    const fs::path video = folder / name;
    const Outcome done = run(words("--to 1 --look neon --dancers 2 -o " + video.string() + more));
    EXPECT_EQ(done.status, 0) << done.err;
    return frames_of(video);
  };
  const auto first = made("first.mp4", " --seed 7"), second = made("second.mp4", " --seed 7"),
             other = made("other.mp4", " --seed 8");
  ASSERT_EQ(first.size(), 30u);
  ASSERT_EQ(second.size(), first.size());
  ASSERT_EQ(other.size(), first.size());
  double apart = 0.0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].rgb, second[i].rgb) << "picture " << i;
    apart = std::max(apart, difference(first[i], other[i]));
  }
  EXPECT_GT(apart, 1.0);
  EXPECT_EQ(read_text(folder / "first.mp4"), read_text(folder / "second.mp4")) << "the files, byte for byte";
}

TEST_F(RenderCommand, LooksTheSameWhereOpenGlDecodes) {
  const auto made = [&](const std::string& decoder) {
    const fs::path video = folder / (decoder + ".mkv");
    const Outcome done = run(words("--to 1 --dancers 2 --codec ffv1 --decoder " + decoder + " -o " + video.string()));
    EXPECT_EQ(done.status, 0) << done.err;
    return frames_of(video);
  };
  const auto gl = made("gl"), cpu = made("cpu");
  ASSERT_EQ(gl.size(), 30u);
  ASSERT_EQ(cpu.size(), gl.size());
  for (std::size_t i = 0; i < gl.size(); ++i) EXPECT_LT(difference(gl[i], cpu[i]), 0.2) << "picture " << i;
}

TEST_F(RenderCommand, GoesOnFromTheEndOfAVideo) {
  const fs::path first = folder / "first.mp4", alone = folder / "alone.mp4", on = folder / "on.mp4";
  ASSERT_EQ(run(words("--look paper --from 1 --to 4 -o " + first.string())).status, 0);
  ASSERT_EQ(run(words("--look paper --from 4 --to 4.2 -o " + alone.string())).status, 0);
  const Outcome done = run(words("--look paper --from 4 --to 4.2 --continue " + first.string() + " -o " + on.string()));
  ASSERT_EQ(done.status, 0) << done.err;
  const auto before = frames_of(first), whole = frames_of(on), without = frames_of(alone);
  ASSERT_EQ(before.size(), 90u);
  ASSERT_EQ(whole.size(), 96u) << "the video, and then the dance";
  for (const std::size_t i : {0u, 40u, 89u}) EXPECT_LT(difference(before[i], whole[i]), 1.5) << "picture " << i;
  EXPECT_GT(difference(before[89], before[40]), 2.0);
  for (std::size_t i = 90; i < 96; ++i) EXPECT_LT(difference(whole[i - 1], whole[i]), 4.0) << "no jump at " << i;
  EXPECT_GT(difference(without.back(), whole.back()), 0.1) << "another dance than without the video";
  const media::Sound heard = media::read_audio(on, {.rate_hz = 48000, .channels = 1}),
                     was = media::read_audio(first, {.rate_hz = 48000, .channels = 1});
  EXPECT_NEAR(heard.seconds(), 3.2, 0.06);
  double apart = 0.0, loud = 0.0;
  for (std::size_t i = 0; i < 48000 * 2; ++i) {
    apart += std::abs(heard.samples[i] - was.samples[i]), loud += std::abs(was.samples[i]);
  }
  EXPECT_LT(apart, 0.3 * loud) << "the video's own sound";

  // a video of another shape and rate, silent: black beside it, as long as it was
  const fs::path small = folder / "small.gif", wide = folder / "wide.mp4";
  ASSERT_EQ(run("render '" + song().string() + "' --model '" + model.string() +
                "' --size 160x160 --look paper --from 1 --to 3 --fps 20 -o " + small.string())
                .status,
            0);
  const Outcome padded =
      run(words("--look paper --from 4 --to 4.2 --continue " + small.string() + " -o " + wide.string()));
  ASSERT_EQ(padded.status, 0) << padded.err;
  const auto boxed = frames_of(wide);
  ASSERT_EQ(boxed.size(), 66u);
  const auto light = [](const media::VideoFrame& f, int x, int y) {
    return f.rgb[static_cast<std::size_t>((y * f.width + x) * 3)];
  };
  EXPECT_LT(light(boxed[30], 20, 20), 20);
  EXPECT_GT(light(boxed[30], 100, 20), 100);
  const std::string film = read_text(first);
  fs::create_symlink(first, folder / "link.mp4");
  for (const fs::path& over : {first, folder / "link.mp4"}) {
    const Outcome refused =
        run(words("--from 4 --to 4.2 --overwrite --continue " + first.string() + " -o " + over.string()));
    EXPECT_EQ(refused.status, 2) << refused.err;
    EXPECT_PRED2(has, refused.err, "read as an input");
    EXPECT_TRUE(read_text(first) == film) << "the film keeps its bytes";
  }
  const Outcome none = run(words("--continue /dev/null/none.mp4 -o " + (folder / "none.mp4").string()));
  EXPECT_EQ(none.status, 1);
  EXPECT_PRED2(has, none.err, "none.mp4");
  EXPECT_FALSE(fs::exists(folder / "none.mp4"));
}

TEST_F(RenderCommand, RefusesBeforeItBegins) {
  write_atomically(folder / "there.mp4", "precious");
  const std::pair<std::string, std::pair<int, const char*>> wrong[] = {
      {words("-o " + (folder / "there.mp4").string()), {1, "--overwrite"}},
      {words("-o /nowhere/dance.mp4"), {1, "/nowhere"}},
      {words("-o /proc/dance.mp4"), {1, "/proc"}},
      {words("-o " + (folder / "dance.avi").string()), {2, ".mkv"}},
      {words("--overwrite -o '" + song().string() + "'"), {2, "cannot write this kind"}},
      {words("--from 1:88 -o " + (folder / "dance.mp4").string()), {2, "1:88"}},
      {words("'/nowhere/*.mp3' -o " + folder.string()), {1, "/nowhere/*.mp3"}},
      {words("'" + song().string() + "' -o " + (folder / "dance.mp4").string()), {2, "videos/"}},
      {words("--from 10 -o " + (folder / "dance.mp4").string()), {2, "10.00 s"}},
      {words("--set dancer/temprature=1 -o " + (folder / "dance.mp4").string()), {2, "dancer/temperature"}},
      {words("--look disco -o " + (folder / "dance.mp4").string()), {2, "one of"}},
      {words("--fps 0 -o " + (folder / "dance.mp4").string()), {2, "fps"}},
      {words(""), {2, "--output"}},
      {"render /nowhere/song.mp3 -o " + (folder / "dance.mp4").string(), {1, "/nowhere/song.mp3"}},
      {"render '" + song().string() + "' --model /nowhere/model -o " + (folder / "dance.mp4").string(),
       {1, "/nowhere/model"}}};
  for (const auto& [command, expected] : wrong) {
    const Outcome done = run(command);
    EXPECT_EQ(done.status, expected.first) << command << ": " << done.err;
    EXPECT_PRED2(has, done.err, expected.second);
  }
  EXPECT_EQ(read_text(folder / "there.mp4"), "precious");
  EXPECT_FALSE(fs::exists(folder / "dance.mp4"));

  const Outcome replaced = run(words("--to 0.2 --overwrite -o " + (folder / "there.mp4").string()));
  ASSERT_EQ(replaced.status, 0) << replaced.err;
  EXPECT_EQ(frames_of(folder / "there.mp4").size(), 6u);
}

TEST_F(RenderCommand, WritesOtherKindsAndTransparentOnes) {
  const std::string pictures = (folder / "p_%05d.png").string();
  for (const auto& [name, more, codec, pixels] : {std::tuple{"a.mov", "", "prores", "yuv422p10le"},
                                                  {"b.mov", "--transparent --look neon", "prores", "yuva444p"},
                                                  {"c.mkv", "--transparent", "ffv1", "bgra"},
                                                  {"d.mkv", "--codec ffv1", "ffv1", "bgr0"},
                                                  {"e.gif", "", "gif", "bgra"}}) {
    const fs::path video = folder / name;
    const Outcome done = run(words(std::string("--from 1 --to 1.2 ") + more + " -o " + video.string()));
    ASSERT_EQ(done.status, 0) << done.err;
    EXPECT_EQ(frames_of(video).size(), 6u) << name;
    const auto streams = streams_of(video);
    if (!streams.is_array()) continue;
    EXPECT_EQ(streams[0]["codec_name"], codec);
    EXPECT_PRED2(has, streams[0]["pix_fmt"].get<std::string>(), pixels) << name;
  }
  ASSERT_EQ(run(words("--from 1 --to 1.2 --transparent -o " + (folder / "f.png").string())).status, 0);
  EXPECT_EQ(frames_of(folder / "f").size(), 6u) << "a folder of pictures";
  ASSERT_EQ(run(words("--from 1 --to 1.2 -o " + pictures)).status, 0);
  EXPECT_TRUE(fs::exists(folder / "p_00006.png"));
  EXPECT_EQ(run(words("--to 0.1 -o " + pictures)).status, 1) << "it exists";
  const Outcome solid = run(words("--to 0.1 --transparent -o " + (folder / "g.mp4").string()));
  EXPECT_EQ(solid.status, 2);
  EXPECT_PRED2(has, solid.err, "ProRes 4444");
}

TEST_F(RenderCommand, SeveralSongsAndPatternsGoIntoAFolder) {
  const fs::path videos = folder / "videos";
  for (const char* name : {"b.wav", "c.wav"}) test::write_wav(folder / name, test::house_beat(120.0, 2.0, 0.1));
  write_atomically(folder / "b.mp3", "no sound");
  fs::copy(folder / "c.wav", folder / "c.flac");
  const std::string songs = " '" + (folder / "[bc].*").string() + "' ";
  const Outcome done = run(words("--from 0:01 --to 0:00:01.2 -o " + videos.string() + "/" + songs));
  EXPECT_EQ(done.status, 1);
  EXPECT_PRED2(has, done.err, "b.mp3: not a sound file");
  EXPECT_PRED2(has, done.err, "1 of 5 songs failed");
  for (const char* name : {"a song.mp4", "b.wav.mp4", "c.mp4", "c.wav.mp4"}) {
    EXPECT_PRED2(has, done.out, (videos / name).string());
    EXPECT_EQ(frames_of(videos / name).size(), 6u) << name;
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(videos), {}), 4) << "previews and half files are gone";

  const Outcome again = run(words("--to 0.1 -o " + videos.string() + songs));
  EXPECT_EQ(again.status, 1);
  EXPECT_PRED2(has, again.err, "c.mp4: exists already");
  EXPECT_EQ(frames_of(videos / "c.mp4").size(), 6u) << "what exists stays as it is";
}

TEST_F(RenderCommand, ShowsHowFarItIs) {
  const fs::path preview = folder / "dance.preview.png";
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const std::string line = "exec " + std::string(OMBRA_PROGRAM) + " " +
                             words("-o " + (folder / "dance.mp4").string()) + " 2>'" + (folder / "stderr").string() +
                             "' >/dev/null";
    ::execl("/bin/sh", "sh", "-c", line.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  bool seen = false;
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (!seen && fs::exists(preview)) {  // whole from the moment it is there, unless the render has just ended
      seen = frames_of(preview).front().width == 320;
    }
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_EQ(WEXITSTATUS(status), 0) << read_text(folder / "stderr");
  EXPECT_TRUE(seen);
  EXPECT_PRED2(has, read_text(folder / "stderr"), preview.string());
  EXPECT_PRED2(has, read_text(folder / "stderr"), "took");
  EXPECT_FALSE(fs::exists(preview));
}

TEST_F(RenderCommand, CtrlCLeavesAVideoThatPlays) {
  test::write_wav(song(), test::house_beat(120.0, 120.0, 0.1));
  test::write_wav(folder / "next.wav", test::house_beat(120.0, 2.0, 0.1));
  const fs::path video = folder / "videos" / "a song.mp4";
  const std::string command = words("'" + (folder / "next.wav").string() + "' -o " + video.parent_path().string());
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const int nothing = ::open((folder / "stderr").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(nothing, STDERR_FILENO);
    const std::string line = "exec " + std::string(OMBRA_PROGRAM) + " " + command;
    ::execl("/bin/sh", "sh", "-c", line.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  // it is asked to stop when it has begun to write
  const auto unfinished = [&] {
    std::error_code ignored;
    const fs::directory_iterator files(video.parent_path(), ignored);
    return std::any_of(begin(files), end(files), [](const auto& file) { return file.path().extension() == ".part"; });
  };
  for (int i = 0; i < 600 && !unfinished(); ++i) std::this_thread::sleep_for(50ms);
  EXPECT_TRUE(unfinished()) << read_text(folder / "stderr");
  std::this_thread::sleep_for(1500ms);
  ::kill(child, SIGINT);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_PRED2(has, read_text(folder / "stderr"), "interrupted: " + video.string());

  EXPECT_FALSE(unfinished());
  EXPECT_FALSE(fs::exists(folder / "videos" / "next.mp4")) << "and the songs after it are not begun";
  const auto frames = frames_of(video);
  EXPECT_GT(frames.size(), 5u);
  EXPECT_LT(frames.size(), 3600u);
  const double seconds = static_cast<double>(frames.size()) / 30.0;
  EXPECT_NEAR(media::read_audio(video).seconds(), seconds, 0.06) << "the sound ends with the picture";
}

TEST_F(RenderCommand, PlaysATakeAgain) {
  const fs::path take = folder / "night", video = folder / "again.mp4";
  const std::string perform =
      "perform --headless --seconds 5 --silent --input 'bundled track' --size 320x180 --take '" + take.string() +
      "' --model '" + model.string() + "' --json";
  const Outcome played = run(perform);
  ASSERT_EQ(played.status, 0) << played.err;
  EXPECT_EQ(nlohmann::json::parse(played.out)["take"], take.string());
  const std::string again = "render '" + take.string() + "' -o '" + video.string() + "' --fps 30 ";
  const Outcome drawn = run(again + "--from 0:01 --to 0:03.5 --size 480x270");
  ASSERT_EQ(drawn.status, 0) << drawn.err;
  EXPECT_TRUE(has(drawn.out, "480x270")) << drawn.out;
  EXPECT_NEAR(static_cast<double>(frames_of(video).size()), 75.0, 1.0);
  EXPECT_NEAR(media::read_audio(video).seconds(), 2.5, 0.1);
  const Outcome wrong = run(again + "--overwrite --set dancer/temperature=1");
  EXPECT_EQ(wrong.status, 2);
  EXPECT_TRUE(has(wrong.err, "a take is drawn as it was played")) << wrong.err;
  const Outcome twice = run(perform);
  EXPECT_EQ(twice.status, 1);
  EXPECT_TRUE(has(twice.err, "a take needs a folder of its own")) << twice.err;
}

}  // namespace
}  // namespace ombra
