// The whole show off-screen while it is recorded: by key and by option, through a resized window, and when it cannot
// be.

#include "core/error.hpp"
#include "media/read/audio_reader.hpp"
#include "media/read/video_reader.hpp"
#include "media/write/audio_writer.hpp"
#include "pictures.hpp"
#include "show/headless_show.hpp"
#include "show/live/record_files.hpp"
#include "temp_folder.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>

namespace ombra::show {
namespace {

namespace fs = std::filesystem;

class RecordedShow : public test::FolderTest {
 protected:
  RecordedShow() { options.recording.folder = folder / "videos"; }

  void open() { session = std::make_unique<Session>(options); }
  void run(double seconds) { run_for(*session, seconds); }
  bool recording() const {
    const ShowParams& p = session->params();
    return p.get(p.record_on);
  }
  // Ends the show as the operator does: the close button asks, and its second press answers. -> what it says in the end
  SessionReport end() {
    for (int twice = 0; twice < 2; ++twice) close_window();
    return session->run();
  }
  std::vector<fs::path> recordings() const {
    std::vector<fs::path> all;
    std::error_code ignored;
    for (const auto& file : fs::directory_iterator(folder / "videos", ignored)) all.push_back(file.path());
    std::sort(all.begin(), all.end());
    return all;
  }

  SessionOptions options = headless_options();
  std::unique_ptr<Session> session;
};

struct Film {
  media::VideoInfo info;
  std::vector<media::VideoFrame> frames;
};
Film watch(const fs::path& file) {
  media::VideoReader reader(file);
  Film film{reader.info(), {}};
  for (media::VideoFrame frame; reader.next(frame);) film.frames.push_back(frame);
  EXPECT_EQ(reader.damaged(), 0);
  return film;
}

TEST_F(RecordedShow, RStartsAndStops) {
  open();
  run(0.3);
  EXPECT_TRUE(recordings().empty());
  press(SDLK_r);
  run(1.5);
  EXPECT_TRUE(recording());
  press(SDLK_r);
  run(1.5);
  EXPECT_FALSE(recording());
  ASSERT_EQ(recordings().size(), 1u);
  EXPECT_EQ(recordings()[0].filename().string().rfind("Ombra 20", 0), 0u) << recordings()[0];
  const Film film = watch(recordings()[0]);
  EXPECT_EQ(film.info.width, 320);
  EXPECT_EQ(film.info.height, 180);
  EXPECT_TRUE(film.info.has_sound);
  ASSERT_GT(film.frames.size(), 10u);
  EXPECT_NEAR(film.frames.back().time_s, 1.5, 0.4);
  press(SDLK_r);
  run(0.5);
  const SessionReport report = end();
  EXPECT_EQ(recordings().size(), 2u) << "a second one in the same show, completed at its end";
  EXPECT_GT(report.recorded, 3u);
  EXPECT_FALSE(report.encoder.empty());
}

// The file shows what the audience sees, not the desk; upright, in the same colours.
TEST_F(RecordedShow, TheDeskIsNotInThePicture) {
  options.sets = {"desk/shown=on", "look/grain=0", "look/trails=0", "dancer/hold=on", "record/quality=5"};
  options.recording.file = folder / "a.mkv";
  options.record = true;
  open();
  session->modulation().set_rows({}, session->params());  // nothing shall change but the desk
  run(2.0);
  const gfx::Image desk = gfx::read_pixels(0, 320, 180);
  session->params().set_text("desk/shown", "off");
  run(0.5);
  const gfx::Image seen = gfx::read_pixels(0, 320, 180);
  end();
  const Film film = watch(folder / "a.mkv");
  ASSERT_GT(film.frames.size(), 20u);
  const double with = test::difference(desk.pixels, seen.pixels);
  for (const auto* frame : {&film.frames[film.frames.size() / 2], &film.frames.back()}) {
    EXPECT_LT(test::difference(frame->rgb, seen.pixels), 0.4 * with) << with << " with the desk";
  }
}

TEST_F(RecordedShow, SizeAndRateAreItsOwn) {
  options.sets = {"record/fps=24"};
  options.recording.file = folder / "a.mp4";
  options.recording.width = 256, options.recording.height = 256;
  options.record = true;
  open();
  run(2.0);
  const SessionReport report = end();
  const Film film = watch(folder / "a.mp4");
  EXPECT_EQ(film.info.width, 256);
  EXPECT_EQ(film.info.height, 256);
  EXPECT_LT(film.frames.size(), 24 * 2.6);
  EXPECT_EQ(film.frames.size(), report.recorded);
  for (const int y : {2, 253}) {  // beside the wide picture
    EXPECT_LT(film.frames.back().rgb[static_cast<std::size_t>((y * 256 + 128) * 3)], 8) << y;
  }
}

TEST_F(RecordedShow, GoesOnWhenTheWindowIsResized) {
  options.recording.file = folder / "a.mp4";
  options.record = true;
  open();
  run(0.8);
  for (const auto& [width, height] : {std::pair{200, 300}, {500, 100}, {320, 180}}) {
    SDL_Window* window = SDL_GetWindowFromID(1);
    for (Uint32 id = 1; !window && id < 100; ++id) window = SDL_GetWindowFromID(id);
    ASSERT_NE(window, nullptr);
    SDL_SetWindowSize(window, width, height);
    run(0.6);
    EXPECT_TRUE(recording()) << width;
  }
  const SessionReport report = end();
  EXPECT_EQ(report.faults, 0u);
  const Film film = watch(folder / "a.mp4");
  EXPECT_EQ(film.info.width, 320);
  EXPECT_EQ(film.info.height, 180);
  EXPECT_NEAR(film.frames.back().time_s, 2.6, 0.6);
}

// What is played is in the file, at the time at which it was heard: clicks of the song against the times of pictures.
TEST_F(RecordedShow, TheSongIsInTheFile) {
  media::Sound song;
  song.rate_hz = 48000;
  song.channels = 2;
  song.samples.assign(2 * 48000 * 6, 0.0f);
  for (std::size_t click = 24000; click < 48000 * 6; click += 24000) {
    for (std::size_t i = 0; i < 480; ++i) song.samples[2 * (click + i)] = i % 48 < 24 ? 0.8f : -0.8f;  // left only
  }
  media::write_audio(folder / "song.wav", song);
  options.play = folder / "song.wav";
  options.recording.file = folder / "a.mkv";
  options.record = true;
  options.sets = {"record/format=ffv1"};
  open();
  run(3.5);
  end();
  const media::Sound heard = media::read_audio(folder / "a.mkv");
  ASSERT_EQ(heard.channels, 2);
  EXPECT_NEAR(heard.seconds(), watch(folder / "a.mkv").frames.back().time_s, 0.1);
  std::vector<double> clicks;
  double last_s = -1.0;
  for (std::size_t i = 0; i < heard.frames(); ++i) {
    EXPECT_LT(std::abs(heard.samples[2 * i + 1]), 0.05f) << "the right channel is silent";
    const double time_s = static_cast<double>(i) / heard.rate_hz;
    if (std::abs(heard.samples[2 * i]) < 0.4f) continue;
    if (time_s - last_s > 0.2) clicks.push_back(time_s);
    last_s = time_s;
  }
  ASSERT_GE(clicks.size(), 4u);
  for (std::size_t k = 1; k < clicks.size(); ++k) EXPECT_NEAR(clicks[k] - clicks[k - 1], 0.5, 0.004);
}

// -> how many pixels of a picture are dark
double darkness(const media::VideoFrame& frame) {
  double dark = 0.0;
  for (std::size_t i = 0; i < frame.rgb.size(); i += 3) dark += frame.rgb[i] < 60 ? 1.0 : 0.0;
  return dark;
}

// From end to end: a click of the song makes the figure grow, and in the file the click is heard when it does. The
// figure answers a little late, as in the show; it must never be early.
TEST_F(RecordedShow, AClickIsHeardWithThePictureThatAnswersIt) {
  media::Sound song;
  song.rate_hz = 48000;
  song.samples.assign(48000 * 9, 0.0f);
  for (double click_s = 1.0; click_s < 8.5; click_s += 0.83) {
    for (std::size_t i = 0; i < 960; ++i) {
      song.samples[static_cast<std::size_t>(click_s * 48000.0) + i] = i % 48 < 24 ? 0.8f : -0.8f;
    }
  }
  media::write_audio(folder / "song.wav", song);
  options.play = folder / "song.wav";
  options.recording.file = folder / "a.mkv";
  options.record = true;
  options.sets = {"record/format=ffv1", "record/fps=60", "look/name=paper", "look/size=0.5", "look/glow=0",
                  "look/grain=0",       "look/trails=0", "dancer/hold=on",  "desk/shown=off"};
  options.width = 160, options.height = 90;
  open();
  ModulationRow grow{.source = ModulationSource::kOnset, .amount = 0.5f, .attack_s = 0.0f, .release_s = 0.05f};
  grow.target = session->params().find("look/size");
  session->modulation().set_rows({grow}, session->params());
  run(8.0);
  end();
  const Film film = watch(folder / "a.mkv");
  const media::Sound heard = media::read_audio(folder / "a.mkv");
  std::vector<double> late_s;
  double last_s = -1.0;
  for (std::size_t i = 0; i < heard.frames(); ++i) {
    const double time_s = static_cast<double>(i) / heard.rate_hz;
    if (std::abs(heard.samples[i * static_cast<std::size_t>(heard.channels)]) < 0.4f) continue;
    const bool begins = time_s - last_s > 0.2;
    last_s = time_s;
    if (!begins || time_s < 0.5) continue;
    for (std::size_t k = 1; k < film.frames.size(); ++k) {
      const double off_s = film.frames[k].time_s - time_s;
      if (off_s < -0.2 || darkness(film.frames[k]) < 1.1 * darkness(film.frames[k - 1])) continue;
      late_s.push_back(off_s);
      break;
    }
  }
  ASSERT_GE(late_s.size(), 4u);
  std::sort(late_s.begin(), late_s.end());
  std::printf("pictures answer clicks %.0f ms later (median of %zu), at least %.0f ms\n",
              1000.0 * late_s[late_s.size() / 2], late_s.size(), 1000.0 * late_s.front());
  EXPECT_GT(late_s.front(), -0.01);
  EXPECT_LT(late_s[late_s.size() / 2], 0.25) << "generous: the machine may be busy";
}

TEST_F(RecordedShow, AFaultEndsTheRecordingNotTheShow) {
  std::ofstream(folder / "file") << "x";
  options.recording.folder = folder / "file" / "videos";  // cannot be made
  open();
  for (int i = 0; i < 2; ++i) {
    press(SDLK_r);
    run(0.5);
    EXPECT_FALSE(recording());
  }
  options.recording.folder = folder / "videos";
  options.recording.encoder = "h264_v4l2m2m";  // in FFmpeg, but there is no such device
  session.reset();
  open();
  press(SDLK_r);
  run(1.0);
  EXPECT_FALSE(recording());
  EXPECT_GT(end().frames, 20u);
}

TEST_F(RecordedShow, WhatTheCommandLineAsksForIsLookedAtFirst) {
  const auto message = [this](const fs::path& file) -> std::string {
    options.recording.file = file;
    try {
      open();
    } catch (const Error& e) {
      return e.what();
    }
    return {};
  };
  std::ofstream(folder / "there.mp4") << "x";
  EXPECT_NE(message(folder / "there.mp4").find("--overwrite"), std::string::npos);
  EXPECT_NE(message(folder / "no" / "a.mp4").find("no such folder"), std::string::npos);
  EXPECT_NE(message(folder / "a.avi").find(".mkv"), std::string::npos);
  options.recording.overwrite = true;
  EXPECT_EQ(message(folder / "there.mp4"), "");
}

TEST_F(RecordedShow, TheDesktopsFolderForVideosIsTaken) {
  const char* before = std::getenv("XDG_CONFIG_HOME");
  const std::string old = before ? before : "";
  ::setenv("XDG_CONFIG_HOME", folder.c_str(), 1);
  EXPECT_EQ(videos_folder(), fs::path(std::getenv("HOME")) / "Videos");
  std::ofstream(folder / "user-dirs.dirs")
      << "# a comment\nXDG_MUSIC_DIR=\"$HOME/Musik\"\nXDG_VIDEOS_DIR=\"$HOME/Filme\"\n";
  EXPECT_EQ(videos_folder(), fs::path(std::getenv("HOME")) / "Filme");
  before ? ::setenv("XDG_CONFIG_HOME", old.c_str(), 1) : ::unsetenv("XDG_CONFIG_HOME");
  const fs::path first = dated_recording(folder, media::VideoKind::kMp4, 0);
  EXPECT_EQ(first.extension(), ".mp4");
  std::ofstream(first) << "x";
  EXPECT_NE(dated_recording(folder, media::VideoKind::kMp4, 0), first);
}

}  // namespace
}  // namespace ombra::show
