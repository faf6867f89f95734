#include "pictures.hpp"
#include "videos.hpp"

#include <sys/resource.h>

#include <csignal>

namespace ombra::media::test {
namespace {

TEST_F(Videos, FfprobeFindsWhatWasWritten) {
  const Sound sound = clicks(5.0, 44100, 2);
  for (const char* name : {"a.mp4", "a.mkv", "a.mov"}) {
    const VideoFormat format{
        .width = 161, .height = 91, .fps = 30.0, .kind = kind_of(folder / name, "h264", false), .sound = &sound};
    const auto file = draw(name, format, 90);
    const auto told = probe(file);
    if (!told.is_object() || !told.contains("streams")) GTEST_SKIP() << "ffprobe";
    ASSERT_EQ(told["streams"].size(), 2u);
    const auto& video = told["streams"][0];
    const auto& audio = told["streams"][1];
    EXPECT_EQ(video["codec_name"], "h264");
    EXPECT_EQ(video["pix_fmt"], "yuv420p");
    EXPECT_EQ(video["color_space"], "bt709");
    EXPECT_EQ(video["width"], 162);
    EXPECT_EQ(video["height"], 92);
    EXPECT_EQ(video["avg_frame_rate"], "30/1");
    EXPECT_EQ(audio["codec_name"], "aac");
    EXPECT_EQ(audio["channels"], 2);
    EXPECT_EQ(audio["sample_rate"], "44100");
    EXPECT_NEAR(number(told["format"]["duration"]), 3.0, 0.05);  // the sound ends with the picture
    double last[2] = {-1e9, -1e9};
    double worst_lead = 0.0;
    int pictures = 0;
    for (const auto& packet : told["packets"]) {
      const int stream = packet["stream_index"];
      pictures += stream == 0;
      if (!packet.contains("dts_time")) continue;  // Matroska tells none for the first few
      const double stamp = number(packet["dts_time"]);
      EXPECT_GT(stamp, last[stream]);
      last[stream] = stamp;
      if (last[0] > -1e8 && last[1] > -1e8) worst_lead = std::max(worst_lead, std::abs(last[0] - last[1]));
    }
    EXPECT_EQ(pictures, 90);
    EXPECT_LT(worst_lead, 1.0) << name;  // interleaved
  }
}

TEST_F(Videos, SoundIsInStepWithThePicture) {
  for (const int rate_hz : {48000, 22050, 50000}) {
    const Sound sound = clicks(4.0, rate_hz, 1);
    const auto file = draw("a.mp4", {.width = 64, .height = 48, .fps = 25.0, .sound = &sound}, 75);
    const Sound back = read_audio(file, {.rate_hz = 48000, .channels = 1});
    EXPECT_NEAR(back.seconds(), 3.0, 0.05);
    for (const std::size_t second : {1u, 2u}) {
      std::size_t onset = second * 48000 - 4800;
      while (onset < back.samples.size() && std::abs(back.samples[onset]) < 0.3f) ++onset;
      EXPECT_NEAR(static_cast<double>(onset) / 48000.0, static_cast<double>(second), 0.003) << rate_hz;
    }
  }
}

TEST_F(Videos, AShortSoundEndsBeforeThePicture) {
  const Sound sound = clicks(0.5, 48000, 2);
  const auto file = draw("a.mp4", {.width = 64, .height = 48, .fps = 25.0, .sound = &sound}, 50);
  EXPECT_NEAR(read_audio(file).seconds(), 0.5, 0.05);
  VideoReader reader(file);
  EXPECT_EQ(read_all(reader).size(), 50u);
}

TEST_F(Videos, TheSameInputGivesTheSameBytes) {
  const Sound sound = clicks(2.0, 48000, 2);
  for (const char* ending : {".mp4", ".mkv", ".gif"}) {
    const VideoFormat format{.width = 160, .height = 120, .fps = 25.0, .sound = &sound};
    const auto a = draw(std::string("a") + ending, format, 50);
    const std::vector<char> elsewhere(77777);  // memory lies differently the second time
    const auto b = draw(std::string("b") + ending, format, 50);
    EXPECT_TRUE(bytes_of(a) == bytes_of(b)) << ending;
  }
}

TEST_F(Videos, TheIndexComesFirst) {
  const std::string bytes = bytes_of(draw("a.mp4", {.width = 64, .height = 48, .fps = 25.0}, 10));
  EXPECT_LT(bytes.find("moov"), bytes.find("mdat"));
}

TEST_F(Videos, OddSizesArePaddedByTheirEdge) {
  Picture rgb(33 * 17 * 3, 255);
  for (int y = 0; y < 17; ++y) rgb[(y * 33 + 32) * 3] = rgb[(y * 33 + 32) * 3 + 1] = rgb[(y * 33 + 32) * 3 + 2] = 0;
  {
    VideoWriter writer(folder / "a.mp4", {.width = 33, .height = 17, .fps = 25.0, .quality = 0});
    writer.write(rgb);
    writer.finish();
  }
  VideoReader reader(folder / "a.mp4");
  VideoFrame frame;
  ASSERT_TRUE(reader.next(frame));
  EXPECT_EQ(frame.width, 34);
  EXPECT_EQ(frame.height, 18);
  for (const int y : {0, 16, 17}) {
    EXPECT_GT(grey(frame, 31, y), 250);
    EXPECT_LT(grey(frame, 32, y), 5);
    EXPECT_LT(grey(frame, 33, y), 5);
  }
}

TEST_F(Videos, WithoutFinishWhatWasWrittenPlays) {
  {
    VideoWriter writer(folder / "a.mp4", {.width = 64, .height = 48, .fps = 25.0});
    for (int i = 0; i < 7; ++i) writer.write(moving_square(64, 48, i));
    VideoWriter nothing(folder / "b.mp4", {.width = 64, .height = 48, .fps = 25.0});
  }
  VideoReader reader(folder / "a.mp4");
  EXPECT_EQ(read_all(reader).size(), 7u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
}

TEST_F(Videos, ImpossibleRequestsAreErrorsAndLeaveNothing) {
  const auto message = [&](const std::string& name, const VideoFormat& format) -> std::string {
    try {
      VideoWriter writer(folder / name, format);
    } catch (const Error& e) {
      return e.what();
    }
    return {};
  };
  const VideoFormat good{.width = 64, .height = 48, .fps = 25.0};
  for (const std::string& said :
       {message("a.xyz", good), message("no/such/folder/a.mp4", good),
        message("a.mp4", {.width = 0, .height = 48, .fps = 25.0}),
        message("a.mp4", {.width = 64, .height = 48, .fps = 0.0}),
        message("a.gif", {.width = 64, .height = 48, .fps = 60.0}),
        message("a.mkv", {.width = 64, .height = 48, .fps = 25.0, .codec = "no-such-encoder"}),
        message("a.mkv", {.width = 64, .height = 48, .fps = 25.0, .quality = 99})}) {
    EXPECT_NE(said.find("\nhint: "), std::string::npos) << said;
  }
  VideoWriter writer(folder / "b.mkv", good);
  EXPECT_THROW(writer.write(Picture(5)), Error);
  EXPECT_THROW(writer.finish(), Error);  // nothing was written
  EXPECT_FALSE(std::filesystem::exists(folder / "a.mkv.part"));
  EXPECT_FALSE(std::filesystem::exists(folder / "a.mp4.part"));
}

// The limit on a file's size stands for a disk that is full: writing fails in the same way.
TEST_F(Videos, AFullDiskIsAnErrorAndLeavesNothing) {
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto old = std::signal(SIGXFSZ, SIG_IGN);
  for (const char* name : {"a.mp4", "a.mkv", "a.gif"}) {
    const rlimit small{60000, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    std::string said;
    try {
      VideoWriter writer(folder / name, {.width = 160, .height = 120, .fps = 25.0, .quality = 0});
      Picture noise(160 * 120 * 3);
      unsigned state = 1;
      for (int i = 0; i < 150; ++i) {
        for (auto& byte : noise) byte = static_cast<std::uint8_t>((state = state * 1664525u + 1013904223u) >> 24);
        writer.write(noise);
      }
      writer.finish();
    } catch (const Error& e) {
      said = e.what();
    }
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_NE(said.find("disk full"), std::string::npos) << name << said;
    EXPECT_TRUE(std::filesystem::is_empty(folder)) << name;
  }
  std::signal(SIGXFSZ, old);
}

TEST_F(Videos, AGifChoosesItsColours) {
  Picture sunset(96 * 64 * 3), grey_ramp(96 * 64 * 3);
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 96; ++x) {
      std::uint8_t* p = &sunset[(y * 96 + x) * 3];
      p[0] = static_cast<std::uint8_t>(120 + y * 2), p[1] = static_cast<std::uint8_t>(40 + x), p[2] = 90;
      for (int c = 0; c < 3; ++c) grey_ramp[(y * 96 + x) * 3 + c] = static_cast<std::uint8_t>(x * 255 / 95);
    }
  }
  for (const Picture& picture : {sunset, grey_ramp}) {
    VideoWriter writer(folder / "a.gif", {.width = 96, .height = 64, .fps = 10.0});
    for (int i = 0; i < 3; ++i) writer.write(picture);
    writer.finish();
    VideoReader reader(folder / "a.gif");
    const auto frames = read_all(reader);
    ASSERT_EQ(frames.size(), 3u);
    EXPECT_LT(ombra::test::difference(frames[0].rgb, picture), 4.0);
    EXPECT_EQ(ombra::test::difference(frames[0].rgb, frames[2].rgb), 0.0);  // what stands still does not flicker
  }
}

TEST_F(Videos, AGifCanShowColoursThatComeLate) {
  const Picture white(32 * 32 * 3, 255);
  Picture red(32 * 32 * 3, 0);
  for (std::size_t i = 0; i < red.size(); i += 3) red[i] = 255;
  VideoWriter writer(folder / "a.gif", {.width = 32, .height = 32, .fps = 25.0});
  for (int i = 0; i < 120; ++i) writer.write(white);
  writer.write(red);
  writer.finish();
  VideoReader reader(folder / "a.gif");
  const auto frames = read_all(reader);
  EXPECT_EQ(frames.front().rgb, white);
  EXPECT_EQ(frames.back().rgb, red);
}

}  // namespace
}  // namespace ombra::media::test
