// What goes wrong in use: the program is killed, the disk fills up, the folder cannot be written.
#include "recordings.hpp"

#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>

namespace ombra::media::test {
namespace {

class RecordingFaults : public Videos {
 protected:
  // -> what plays of a file, checked by our reader and by ffprobe: seconds of pictures
  double plays(const std::filesystem::path& file) const {
    VideoReader reader(file);
    const auto frames = read_all(reader);
    EXPECT_EQ(reader.damaged(), 0) << file;
    const auto told = probe(file);
    if (told.is_object()) {
      EXPECT_EQ(told["streams"].size(), 2u) << file;
    }
    return frames.empty() ? 0.0 : frames.back().time_s;
  }
};

TEST_F(RecordingFaults, AfterKill9AtMostTwoSecondsAreMissing) {
  for (const char* name : {"a.mp4", "a.mkv"}) {
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {  // records in real time and tells how far the show is
      Recorder recorder(recording(folder / name, *kind_of(name)));
      for (int i = 0; i < 80; ++i) {
        perform(recorder, 0.1 * i, 0.1 * (i + 1));
        std::this_thread::sleep_for(std::chrono::milliseconds(80));
        const char tenths = static_cast<char>(i + 1);
        if (::write(ready[1], &tenths, 1) != 1) break;
      }
      ::_exit(0);
    }
    ::close(ready[1]);
    char tenths = 0;
    while (::read(ready[0], &tenths, 1) == 1 && tenths < 45) {
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    for (char more = 0; ::read(ready[0], &more, 1) == 1;) tenths = more;
    ::close(ready[0]);
    const double shown_s = tenths / 10.0, there_s = plays(folder / name);
    EXPECT_GE(tenths, 45);
    std::printf("%s: %.1f s shown before kill -9, %.2f s play\n", name, shown_s, there_s);
    EXPECT_GT(there_s, shown_s - 2.0) << name;
    EXPECT_NEAR(read_audio(folder / name).seconds(), there_s, 1.2) << name;
  }
}

// A small disk, or where it cannot be mounted the limit on a file's size, which fails in the same way.
TEST_F(RecordingFaults, OnAFullDiskTheShowGoesOnAndTheFilePlays) {
  const auto disk = folder / "disk";
  std::filesystem::create_directories(disk);
  const bool mounted = ::mount("none", disk.c_str(), "tmpfs", 0, "size=700k") == 0;
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto old = std::signal(SIGXFSZ, SIG_IGN);
  for (const char* name : {"a.mp4", "a.mkv"}) {
    const rlimit small{700000, before.rlim_max};
    if (!mounted) setrlimit(RLIMIT_FSIZE, &small);
    RecorderOptions options = recording(disk / name, *kind_of(name));
    options.format.quality = 0;
    Recorder recorder(options);
    Picture noise(kWide * kHigh * 4);
    unsigned state = 1;
    double shown_s = 0.0;
    for (int i = 0; i < 900 && !recorder.status().ended; ++i, shown_s = i / 30.0) {
      for (auto& byte : noise) byte = static_cast<std::uint8_t>((state = state * 1664525u + 1013904223u) >> 24);
      if (recorder.wants(shown_s)) recorder.picture(noise, shown_s);
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    const RecorderStatus status = wait_for_end(recorder);
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_TRUE(status.failed) << name;
    EXPECT_NE(status.message.find("disk full"), std::string::npos) << status.message;
    EXPECT_NE(status.message.find(name), std::string::npos) << status.message;
    EXPECT_FALSE(recorder.wants(1000.0));
    EXPECT_GT(plays(disk / name), 0.3) << name;
    std::filesystem::remove(disk / name);
  }
  std::signal(SIGXFSZ, old);
  if (mounted) ::umount(disk.c_str());
}

TEST_F(RecordingFaults, BeforeTheDiskIsFullItEndsCleanly) {
  RecorderOptions options = recording(folder / "a.mp4");
  options.least_free_bytes = std::int64_t{1} << 60;
  Recorder recorder(options);
  perform(recorder, 0.0, 3.0);
  const RecorderStatus status = wait_for_end(recorder);
  EXPECT_FALSE(status.failed);
  EXPECT_NE(status.message.find("nearly full"), std::string::npos) << status.message;
  EXPECT_GT(status.free_bytes, 0);
  EXPECT_GE(plays(folder / "a.mp4"), 0.0);
}

TEST_F(RecordingFaults, WhatCannotBeOpenedIsTold) {
  put("file", "x");
  RecorderOptions strange = recording(folder / "a.mp4");
  strange.format.encoder = "no-such-encoder";
  RecorderOptions wrong = recording(folder / "b.mp4");
  wrong.format.encoder = "h264_v4l2m2m";  // in FFmpeg, but there is no such device
  RecorderOptions over = recording(folder / "file", VideoKind::kPng);
  over.replace = true;
  for (const RecorderOptions& options : {recording("/proc/a.mp4"), recording(folder / "no" / "folder" / "a.mp4"),
                                         recording(folder / "file" / "a.mp4"), over, strange, wrong}) {
    Recorder recorder(options);
    perform(recorder, 0.0, 0.5);
    const RecorderStatus status = wait_for_end(recorder);
    EXPECT_TRUE(status.failed) << options.path;
    EXPECT_NE(status.message.find("\nhint: "), std::string::npos) << status.message;
    EXPECT_NE(status.message.find(options.path.string()), std::string::npos) << status.message;
    EXPECT_EQ(status.pictures, 0u);
  }
}

// On a machine without NVENC and VAAPI the fallback is visible; with one of them the card's encoder is used.
TEST_F(RecordingFaults, SoftwareTakesOverWhereTheGraphicsCardHasNoEncoder) {
  Recorder recorder(recording(folder / "a.mp4"));
  perform(recorder, 0.0, 1.0);
  const RecorderStatus status = wait_for_end(recorder);
  ASSERT_FALSE(status.failed) << status.message;
  if (status.encoder.starts_with("libx264")) {
    EXPECT_FALSE(status.remark.empty());
  } else {
    EXPECT_TRUE(status.encoder.starts_with("h264_")) << status.encoder;
  }
  EXPECT_GT(plays(folder / "a.mp4"), 0.9);
}

}  // namespace
}  // namespace ombra::media::test
