// Every kind of video that is written, read back by ffprobe, by ffmpeg and by our own reader; what is transparent stays
// so.

#include "videos.hpp"

#include <set>

namespace ombra::media::test {
namespace {

namespace fs = std::filesystem;

struct Wanted {
  const char *name, *codec, *ending_pixels, *sound;
};

TEST_F(Videos, EveryKindIsWhatItsNameAndCodecAskFor) {
  const Sound sound = clicks(2.0, 48000, 2);
  for (const auto& [name, codec, pixels, heard] :
       {Wanted{"a.mp4", "h264", "yuv420p", "aac"}, Wanted{"b.mkv", "h264", "yuv420p", "aac"},
        Wanted{"c.mov", "h264", "yuv420p", "aac"}, Wanted{"d.mov", "prores", "yuv422p10le", "pcm_s16le"},
        Wanted{"e.mkv", "ffv1", "bgr0", "flac"}, Wanted{"f.gif", "gif", "bgra", nullptr}}) {
    const VideoFormat format{
        .width = 160, .height = 90, .fps = 25.0, .kind = kind_of(folder / name, codec, false), .sound = &sound};
    const fs::path file = draw(name, format, 30);
    VideoReader reader(file);
    const auto frames = read_all(reader);
    ASSERT_EQ(frames.size(), 30u) << name;
    expect_square(frames, 160, 90);
    for (std::size_t i = 0; i < frames.size(); ++i)
      EXPECT_NEAR(frames[i].time_s, static_cast<double>(i) / 25.0, 1e-3) << name;
    const auto told = probe(file);
    if (!told.is_object() || !told.contains("streams")) continue;  // no ffprobe
    EXPECT_EQ(told["streams"][0]["codec_name"], codec);
    EXPECT_EQ(told["streams"][0]["pix_fmt"], pixels);
    ASSERT_EQ(told["streams"].size(), heard ? 2u : 1u) << name;
    if (heard) {
      EXPECT_EQ(told["streams"][1]["codec_name"], heard);
    }
    EXPECT_NEAR(number(told["format"]["duration"]), 1.2, 0.05) << name;
  }
}

TEST_F(Videos, WithoutACodecTheEndingChooses) {
  EXPECT_EQ(kind_of("a.MP4", "", false), VideoKind::kMp4);
  EXPECT_EQ(kind_of("a.mkv", "", false), VideoKind::kMkv);
  EXPECT_EQ(kind_of("a.mov", "", false), VideoKind::kProRes) << "as in recordings";
  EXPECT_EQ(kind_of("a.gif", "", false), VideoKind::kGif);
  EXPECT_EQ(kind_of("a_%05d.png", "", false), VideoKind::kPng);
  EXPECT_EQ(kind_of("a", "png", false), VideoKind::kPng);
  EXPECT_EQ(kind_of("a.mkv", "", true), VideoKind::kFfv1);
  EXPECT_EQ(kind_of("a.mov", "", true), VideoKind::kProRes);
  EXPECT_EQ(kind_of("a.png", "", true), VideoKind::kPng);
  for (const auto& [name, codec, transparent] : {std::tuple{"a.mp4", "", true},
                                                 {"a.mp4", "prores", false},
                                                 {"a.avi", "", false},
                                                 {"a", "", false},
                                                 {"a.mov", "h264", true},
                                                 {"a.gif", "", true},
                                                 {"a.mov", "x265", false}}) {
    EXPECT_THROW(kind_of(name, codec, transparent), UsageError) << name << " " << codec;
  }
}

// A ramp of alpha under a ramp of colour; nothing where alpha is 0.
Picture ghost(int width, int height) {
  Picture rgba;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto alpha = static_cast<std::uint8_t>(x * 255 / (width - 1));
      const auto red = static_cast<std::uint8_t>(alpha == 0 ? 0 : y * 255 / (height - 1));
      rgba.insert(rgba.end(), {red, static_cast<std::uint8_t>(alpha == 0 ? 0 : 120), 0, alpha});
    }
  }
  return rgba;
}

TEST_F(Videos, WhatIsTransparentStaysSo) {
  constexpr int kWidth = 256, kHeight = 64;
  const Picture drawn = ghost(kWidth, kHeight);
  for (const auto& [name, worst] : {std::pair{"a.mov", 8}, {"a.mkv", 0}, {"a_%03d.png", 0}}) {
    {
      VideoWriter writer(folder / name, {.width = kWidth, .height = kHeight, .fps = 25.0, .alpha = true});
      for (int i = 0; i < 3; ++i) writer.write(drawn);
      writer.finish();
    }
    const fs::path raw = folder / "back.rgba";
    if (!ffmpeg("-i '" + (folder / name).string() + "' -pix_fmt rgba -f rawvideo '" + raw.string() + "'")) {
      GTEST_SKIP() << "no ffmpeg";
    }
    const std::string back = bytes_of(raw);
    ASSERT_EQ(back.size(), 3 * drawn.size()) << name;
    int off = 0, off_alpha = 0;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      const int apart = std::abs(drawn[i] - static_cast<std::uint8_t>(back[i]));
      if (i % 4 == 3) {
        off_alpha = std::max(off_alpha, apart);
      } else if (drawn[i | 3] > 0) {
        off = std::max(off, apart);
      }
    }
    EXPECT_LE(off_alpha, worst == 0 ? 0 : 1) << name;
    EXPECT_LE(off, worst) << name;
  }
  EXPECT_THROW(VideoWriter(folder / "a.mp4", {.width = 64, .height = 64, .fps = 25.0, .alpha = true}), Error);
}

TEST_F(Videos, NumberedPicturesReplaceALongerSeries) {
  for (const int count : {7, 3}) {
    draw("100 % folder", {.width = 64, .height = 48, .fps = 25.0, .kind = VideoKind::kPng}, count);
    draw("x%03d.png", {.width = 64, .height = 48, .fps = 25.0}, count);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder / "100 % folder"), {}), count);
    EXPECT_EQ(fs::exists(folder / "x007.png"), count == 7);
    EXPECT_TRUE(fs::exists(folder / "x003.png"));
  }
  VideoReader reader(folder / "100 % folder");
  expect_square(read_all(reader), 64, 48);
}

}  // namespace
}  // namespace ombra::media::test
