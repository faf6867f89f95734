#include "drawing/png.hpp"
#include "media/read/leftovers.hpp"
#include "media/write/audio_writer.hpp"
#include "videos.hpp"

#include <algorithm>
#include <array>

namespace ombra::media::test {
namespace {

TEST_F(Videos, H264ComesBackWithItsPicturesAndTimes) {
  VideoReader reader(draw("a.mp4", {.width = 160, .height = 120, .fps = 25.0}, 40));
  EXPECT_EQ(reader.info().width, 160);
  EXPECT_EQ(reader.info().height, 120);
  EXPECT_EQ(reader.info().codec, "h264");
  EXPECT_NEAR(reader.info().fps, 25.0, 1e-6);
  EXPECT_NEAR(reader.info().duration_s, 1.6, 0.01);
  EXPECT_EQ(reader.info().frames, 40);
  EXPECT_FALSE(reader.info().has_sound);
  const auto frames = read_all(reader);
  ASSERT_EQ(frames.size(), 40u);
  for (std::size_t i = 0; i < frames.size(); ++i) ASSERT_NEAR(frames[i].time_s, static_cast<double>(i) / 25.0, 1e-4);
  expect_square(frames, 160, 120);
  EXPECT_LT(grey(frames[3], square_x(3, 160) + 8, square_y(120) + 8), 20);
  EXPECT_GT(grey(frames[3], 2, 2), 245);
  EXPECT_EQ(reader.damaged(), 0);
  VideoFrame none;
  EXPECT_FALSE(reader.next(none));
}

TEST_F(Videos, MatroskaTellsTheSame) {
  VideoReader reader(draw("a.mkv", {.width = 160, .height = 120, .fps = 30000.0 / 1001.0}, 30));
  EXPECT_NEAR(reader.info().fps, 29.97, 0.01);
  const auto frames = read_all(reader);
  ASSERT_EQ(frames.size(), 30u);
  for (std::size_t i = 0; i < frames.size(); ++i)
    ASSERT_NEAR(frames[i].time_s, static_cast<double>(i) * 1001.0 / 30000.0, 0.001);
  expect_square(frames, 160, 120);
}

TEST_F(Videos, Vp9ComesBack) {
  if (!draw_by_ffmpeg("a.webm", 160, 120, 20, "-c:v libvpx-vp9 -crf 20 -b:v 0 -cpu-used 8")) GTEST_SKIP() << "ffmpeg";
  VideoReader reader(folder / "a.webm");
  EXPECT_EQ(reader.info().codec, "vp9");
  const auto frames = read_all(reader);
  ASSERT_EQ(frames.size(), 20u);
  expect_square(frames, 160, 120);
}

TEST_F(Videos, GifComesBack) {
  VideoReader reader(draw("a.gif", {.width = 99, .height = 75, .fps = 20.0}, 20));
  EXPECT_EQ(reader.info().codec, "gif");
  EXPECT_EQ(reader.info().width, 99);
  const auto frames = read_all(reader);
  ASSERT_EQ(frames.size(), 20u);
  expect_square(frames, 99, 75, 0.05);
  for (std::size_t i = 0; i < frames.size(); ++i) ASSERT_NEAR(frames[i].time_s, static_cast<double>(i) * 0.05, 1e-6);
  reader.seek(0.5);  // pictures of a GIF build on one another
  ASSERT_EQ(read_all(reader).size(), 20u);
}

TEST_F(Videos, OddSizesHaveAllTheirPixels) {
  for (const char* how :
       {"-c:v ffv1 -pix_fmt yuv420p", "-c:v libx264 -qp 0 -pix_fmt yuv444p", "-c:v ffv1 -pix_fmt bgr0"}) {
    if (!draw_by_ffmpeg("a.mkv", 97, 61, 5, how)) GTEST_SKIP() << "ffmpeg";
    VideoReader reader(folder / "a.mkv");
    EXPECT_EQ(reader.info().width, 97);
    EXPECT_EQ(reader.info().height, 61);
    const auto frames = read_all(reader);
    ASSERT_EQ(frames.size(), 5u) << how;
    expect_square(frames, 97, 61);
    for (int y = 0; y < 61; ++y) ASSERT_GT(grey(frames[4], 96, y), 245) << how;
    for (int x = 0; x < 97; ++x) ASSERT_GT(grey(frames[4], x, 60), 245) << how;
  }
}

TEST_F(Videos, VariableRateKeepsTrueTimes) {
  // ten frames 40 ms apart, then every frame lasts three times as long
  const bool drawn = draw_by_ffmpeg("a.mp4", 160, 120, 20,
                                    "-vf \"setpts='if(lt(N,10),N,10+(N-10)*3)/25/TB'\" -vsync vfr -c:v libx264");
  if (!drawn) GTEST_SKIP() << "ffmpeg";
  VideoReader reader(folder / "a.mp4");
  const auto frames = read_all(reader);
  ASSERT_EQ(frames.size(), 20u);
  for (int i = 0; i < 20; ++i) ASSERT_NEAR(frames[i].time_s, (i < 10 ? i : 10 + (i - 10) * 3) / 25.0, 0.002) << i;
  EXPECT_LT(reader.info().fps, 20.0);
}

// Frames 0 .. 9 at 25 a second, then nothing for a while, then ten more.
std::string pause_of(double seconds) {
  return fmt::format("-vf \"setpts='PTS+gte(N,10)*{}/TB'\" -vsync vfr -c:v libx264 -bf 0 ", seconds);
}

TEST_F(Videos, PausesAreKeptAndDamagedStampsAreNot) {
  if (!draw_by_ffmpeg("a.mkv", 160, 120, 20, pause_of(90.0))) GTEST_SKIP() << "ffmpeg";
  VideoReader pause(folder / "a.mkv");
  auto frames = read_all(pause);
  ASSERT_EQ(frames.size(), 20u);
  for (int i = 0; i < 20; ++i) ASSERT_NEAR(frames[i].time_s, i / 25.0 + (i < 10 ? 0.0 : 90.0), 0.002) << i;
  EXPECT_EQ(pause.skipped_s(), 0.0);
  EXPECT_EQ(pause.info().base_fps, 25.0);
  pause.seek(50.0);
  frames = read_all(pause);
  ASSERT_FALSE(frames.empty());
  EXPECT_NEAR(frames.back().time_s, 90.0 + 19 / 25.0, 0.002);
  ASSERT_TRUE(draw_by_ffmpeg("b.mkv", 160, 120, 20, pause_of(4000.0)));
  VideoReader absurd(folder / "b.mkv");
  frames = read_all(absurd);
  ASSERT_EQ(frames.size(), 20u);
  EXPECT_LT(frames.back().time_s, 1000.0) << "over an hour is a fault";
  EXPECT_NEAR(absurd.skipped_s(), 4000.0, 0.1);
}

TEST_F(Videos, OneStampThatGoesAstrayIsNoPause) {
  // each frame is a cluster of Matroska with a time of its own
  if (!draw_by_ffmpeg("a.mkv", 160, 120, 20, pause_of(70.0) + "-g 1 -cluster_time_limit 1")) GTEST_SKIP() << "ffmpeg";
  std::string bytes = bytes_of(folder / "a.mkv");
  const std::size_t stamp = bytes.find(std::string("\xe7\x82\x01\x40", 4));  // 320 ms, of frame 8
  ASSERT_NE(stamp, std::string::npos);
  bytes[stamp + 2] = bytes[stamp + 3] = '\xff';  // 65.5 s, within the file's length
  VideoReader reader(put("b.mkv", bytes));
  const auto frames = read_all(reader);
  ASSERT_EQ(frames.size(), 20u);
  EXPECT_LT(frames[8].time_s, 10.0) << "one period, of the mean rate";
  EXPECT_GT(frames[10].time_s, 60.0) << "and the pause is one";
}

TEST_F(Videos, GifsTellHowLongTheirPicturesAreShown) {
  std::string bytes = bytes_of(draw("a.gif", {.width = 99, .height = 75, .fps = 20.0}, 3));
  const int delays[] = {200, 0, 150};  // hundredths; none is a tenth of a second, as in browsers
  std::size_t at = 0;
  for (const int delay : delays) {
    at = bytes.find(std::string("\x21\xf9\x04", 3), at);
    ASSERT_NE(at, std::string::npos);
    bytes[at + 4] = static_cast<char>(delay), bytes[at + 5] = 0, at += 8;
  }
  VideoReader reader(put("b.gif", bytes));
  const auto frames = read_all(reader);
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_NEAR(frames[1].time_s, 2.0, 1e-6);
  EXPECT_NEAR(frames[2].time_s, 2.1, 1e-6);
  EXPECT_NEAR(frames[2].duration_s, 1.5, 1e-6);
}

TEST_F(Videos, SoundThatBeginsEarlierIsKnownToDoSo) {
  write_audio(folder / "tone.wav", {std::vector<float>(48000 * 4, 0.1f), 1, 48000});
  draw("a.mkv", {.width = 64, .height = 48, .fps = 25.0}, 25);
  const bool drawn =
      ffmpeg(fmt::format("-i '{0}/tone.wav' -itsoffset 1.5 -i '{0}/a.mkv' -map 0 -map 1 -c:v copy "
                         "-c:a flac '{0}/b.mkv'",
                         folder.string()));
  if (!drawn) GTEST_SKIP() << "ffmpeg";
  EXPECT_NEAR(VideoReader(folder / "b.mkv").info().sound_start_s, -1.5, 0.05);
  EXPECT_EQ(VideoReader(folder / "a.mkv").info().sound_start_s, 0.0);
}

TEST_F(Videos, AnimatedWebPIsReadOrRefusedByName) {
  if (!draw_by_ffmpeg("a.webp", 64, 48, 5, "-c:v libwebp_anim -loop 0")) GTEST_SKIP() << "ffmpeg";
  const std::string message = complaint(folder / "a.webp");
  if (message.empty()) return;
  EXPECT_NE(message.find("a.webp: an animated WebP"), std::string::npos) << message;
  EXPECT_NE(message.find("\nhint: "), std::string::npos) << message;
}

// The display matrix of a phone: a, b, c, d of x' = a x + c y, y' = b x + d y, written over the one in the track's
// header.
std::string turned(std::string mp4, std::array<int, 4> abcd) {
  const std::size_t matrix = mp4.find("tkhd") + 4 + 40;
  const auto put = [&](std::size_t entry, int value) {
    const std::uint32_t fixed = static_cast<std::uint32_t>(value * 65536);
    for (int k = 0; k < 4; ++k) mp4[matrix + entry * 4 + k] = static_cast<char>(fixed >> (24 - 8 * k));
  };
  put(0, abcd[0]), put(1, abcd[1]), put(3, abcd[2]), put(4, abcd[3]);
  return mp4;
}

TEST_F(Videos, PhonesAreTurnedUpright) {
  const std::string lying = bytes_of(draw("a.mp4", {.width = 160, .height = 96, .fps = 25.0}, 5));
  const double x = square_x(2, 160) + 8, y = square_y(96) + 8;
  struct Case {
    std::array<int, 4> abcd;
    int width;
    double x, y;
  };
  for (const Case& c :
       {Case{{1, 0, 0, 1}, 160, x, y}, Case{{0, 1, -1, 0}, 96, 96 - y, x}, Case{{-1, 0, 0, -1}, 160, 160 - x, 96 - y},
        Case{{0, -1, 1, 0}, 96, y, 160 - x}, Case{{-1, 0, 0, 1}, 160, 160 - x, y}}) {
    VideoReader reader(put("b.mp4", turned(lying, c.abcd)));
    EXPECT_EQ(reader.info().width, c.width);
    EXPECT_EQ(reader.info().height, 256 - c.width);
    const auto frames = read_all(reader);
    ASSERT_EQ(frames.size(), 5u);
    EXPECT_NEAR(blot_of(frames[2]).x, c.x, 0.6);
    EXPECT_NEAR(blot_of(frames[2]).y, c.y, 0.6);
    EXPECT_NEAR(blot_of(frames[2]).area, 256.0, 30.0);
  }
}

TEST_F(Videos, FfmpegsOwnRotationIsApplied) {
  const auto plain = draw("a.mp4", {.width = 160, .height = 96, .fps = 25.0}, 5).string();
  const auto turn = (folder / "b.mp4").string();
  // by version: an option of the input from 6.0 on, before that a word in the metadata
  const bool drawn = ffmpeg("-display_rotation 270 -i '" + plain + "' -c copy '" + turn + "'") ||
                     ffmpeg("-i '" + plain + "' -c copy -metadata:s:v rotate=90 '" + turn + "'");
  if (!drawn) GTEST_SKIP() << "ffmpeg";
  const auto upright = (folder / "c.mkv").string();
  ASSERT_TRUE(ffmpeg("-i '" + turn + "' -c:v ffv1 '" + upright + "'"));  // ffmpeg turns what it encodes anew
  VideoReader reader(turn, {.max_width = 48, .max_height = 1000}), oracle(upright);
  EXPECT_EQ(reader.info().width, 48);
  EXPECT_EQ(reader.info().height, 80);
  EXPECT_EQ(oracle.info().width, 96);
  const auto frames = read_all(reader), expected = read_all(oracle);
  ASSERT_EQ(frames.size(), 5u);
  ASSERT_EQ(expected.size(), 5u);
  EXPECT_NEAR(blot_of(frames[2]).x, blot_of(expected[2]).x / 2.0, 0.6);
  EXPECT_NEAR(blot_of(frames[2]).y, blot_of(expected[2]).y / 2.0, 0.6);
}

TEST_F(Videos, PixelsThatAreNotSquareAreMadeSo) {
  if (!draw_by_ffmpeg("a.mp4", 80, 96, 4, "-vf setsar=2/1 -c:v libx264")) GTEST_SKIP() << "ffmpeg";
  VideoReader reader(folder / "a.mp4");
  EXPECT_EQ(reader.info().width, 160);
  EXPECT_EQ(reader.info().height, 96);
  expect_square(read_all(reader), 80, 96, 0.8);
}

TEST_F(Videos, ScaledDownToFit) {
  const auto file = draw("a.mp4", {.width = 640, .height = 360, .fps = 25.0}, 3);
  VideoReader reader(file, {.max_width = 200, .max_height = 120});
  EXPECT_EQ(reader.info().width, 200);
  EXPECT_EQ(reader.info().height, 113);
  expect_square(read_all(reader), 640, 360, 0.3);
  EXPECT_EQ(VideoReader(file, {.max_height = 36}).info().width, 64);
  EXPECT_EQ(VideoReader(file, {.max_width = 6400}).info().width, 640);  // never up
}

TEST_F(Videos, ColoursSurviveEverySpaceAndRange) {
  put("raw.rgb", [] {
    std::string rgb;
    for (int i = 0; i < 64 * 64; ++i) rgb += {static_cast<char>(200), 40, static_cast<char>(90)};
    return rgb;
  }());
  for (const char* space : {"bt709", "smpte170m"}) {
    for (const char* range : {"pc", "tv"}) {
      const std::string file = (folder / "c.mkv").string();
      const bool drawn = ffmpeg(
          fmt::format("-f rawvideo -pix_fmt rgb24 -s 64x64 -r 25 -i '{}' -vf scale=out_color_matrix={}:out_range={} "
                      "-pix_fmt yuv444p -colorspace {} -color_range {} -c:v libx264 -qp 0 '{}'",
                      (folder / "raw.rgb").string(), space, range, space, range, file));
      if (!drawn) GTEST_SKIP() << "ffmpeg";
      VideoReader reader(file);
      VideoFrame frame;
      ASSERT_TRUE(reader.next(frame));
      const std::size_t middle = (32 * 64 + 32) * 3;
      EXPECT_NEAR(frame.rgb[middle], 200, 3) << space << range;
      EXPECT_NEAR(frame.rgb[middle + 1], 40, 3) << space << range;
      EXPECT_NEAR(frame.rgb[middle + 2], 90, 3) << space << range;
    }
  }
}

TEST_F(Videos, TransparencyIsLaidOnWhite) {
  std::vector<std::uint8_t> rgba(32 * 32 * 4, 0);  // transparent black
  for (std::size_t i = 16 * 32 * 4; i < rgba.size(); i += 4) {
    rgba[i] = 100;
    rgba[i + 3] = i < 24 * 32 * 4 ? 255 : 128;
  }
  write_png(folder / "a.png", 32, 32, 4, rgba);
  VideoReader reader(folder / "a.png");
  const auto frames = read_all(reader);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].rgb[5 * 32 * 3], 255);
  EXPECT_EQ(frames[0].rgb[20 * 32 * 3], 100);
  EXPECT_EQ(frames[0].rgb[20 * 32 * 3 + 1], 0);
  EXPECT_NEAR(frames[0].rgb[28 * 32 * 3 + 1], 127, 1);
  // and no dark seam where the hidden black ends
  VideoReader small(folder / "a.png", {.max_width = 11});
  const auto few = read_all(small);
  for (int y = 0; y < 4; ++y) EXPECT_GE(grey(few[0], 5, y), 253);
}

TEST_F(Videos, GreyImagesKeepTheirLevels) {
  std::vector<std::uint8_t> ramp(256 * 4);
  for (std::size_t i = 0; i < ramp.size(); ++i) ramp[i] = static_cast<std::uint8_t>(i % 256);
  write_png(folder / "a.png", 256, 4, 1, ramp);
  VideoReader reader(folder / "a.png");
  VideoFrame frame;
  ASSERT_TRUE(reader.next(frame));
  for (int x = 0; x < 256; ++x) ASSERT_NEAR(grey(frame, x, 2), x, 1);
}

TEST_F(Videos, OneFrameIsAVideo) {
  for (const char* name : {"a.mp4", "a.mkv", "a.gif"}) {
    VideoReader reader(draw(name, {.width = 64, .height = 48, .fps = 25.0}, 1));
    const auto frames = read_all(reader);
    ASSERT_EQ(frames.size(), 1u) << name;
    EXPECT_EQ(frames[0].time_s, 0.0);
    expect_square(frames, 64, 48);
  }
}

TEST_F(Videos, SoundIsSeen) {
  const Sound silence{std::vector<float>(48000), 1, 48000};
  EXPECT_TRUE(
      VideoReader(draw("a.mp4", {.width = 64, .height = 48, .fps = 25.0, .sound = &silence}, 10)).info().has_sound);
}

TEST_F(Videos, SeekGoesToTheKeyFrameAtOrBefore) {
  for (const char* name : {"a.mp4", "a.mkv"}) {
    VideoReader reader(draw(name, {.width = 160, .height = 96, .fps = 10.0}, 200));  // a key frame at least every 4 s
    VideoFrame frame;
    for (const double time_s : {12.35, 0.0, 5.0, 19.9, 100.0, -3.0}) {
      reader.seek(time_s);
      ASSERT_TRUE(reader.next(frame)) << name << time_s;
      EXPECT_LE(frame.time_s, std::max(0.0, time_s) + 1e-6) << name;
      EXPECT_GE(frame.time_s, std::clamp(time_s, 0.0, 19.9) - 4.01) << name;
      for (int k = 0; k < 3; ++k) {
        const int i = static_cast<int>(std::lround(frame.time_s * 10.0));
        EXPECT_NEAR(blot_of(frame).x, square_x(i, 160) + 8, 0.6) << name << time_s;
        if (!reader.next(frame)) break;
      }
    }
    reader.seek(0.0);
    EXPECT_EQ(read_all(reader).size(), 200u);
  }
}

TEST_F(Videos, WhatIsNoVideoIsAnErrorThatNamesTheFile) {
  const Sound tone{std::vector<float>(48000, 0.1f), 1, 48000};
  write_audio(folder / "tone.wav", tone);
  std::filesystem::copy_file(folder / "tone.wav", folder / "sound.mp4");
  put("words.mp4", "once upon a time there was a dancer who could not see\n");
  put("words.txt", "\x1b[31monce upon a time\x1b[0m there was a dancer\n");
  put("words.png", "no picture\n");
  put("empty.mp4", "");
  std::filesystem::create_directory(folder / "nothing");
  for (const char* name :
       {"tone.wav", "sound.mp4", "words.mp4", "words.txt", "words.png", "empty.mp4", "missing.mp4", "nothing"}) {
    const std::string message = complaint(folder / name);
    EXPECT_NE(message.find(name), std::string::npos) << name << ": " << message;
    EXPECT_NE(message.find("\nhint: "), std::string::npos) << message;
  }
  EXPECT_NE(complaint(folder / "sound.mp4").find("only sound"), std::string::npos);
}

TEST_F(Videos, CoverArtIsNotAVideo) {
  draw("a.mp4", {.width = 64, .height = 48, .fps = 25.0}, 1);
  write_audio(folder / "tone.wav", {std::vector<float>(48000, 0.1f), 1, 48000});
  const bool drawn =
      ffmpeg(fmt::format("-i '{0}/tone.wav' -i '{0}/a.mp4' -map 0 -map 1 -c:a aac -c:v mjpeg "
                         "-pix_fmt yuvj420p -disposition:v:0 attached_pic '{0}/song.m4a'",
                         folder.string()));
  if (!drawn) GTEST_SKIP() << "ffmpeg";
  EXPECT_NE(complaint(folder / "song.m4a").find("holds no video"), std::string::npos);
}

TEST_F(Videos, NoOtherFileIsOpened) {
  draw("a.mp4", {.width = 64, .height = 48, .fps = 25.0}, 10);
  const std::string path = (folder / "a.mp4").string();
  put("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + path + "\n#EXT-X-ENDLIST\n");
  put("list.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\na.mp4\n#EXT-X-ENDLIST\n");
  put("list.ffconcat", "ffconcat version 1.0\nfile a.mp4\n");
  for (const char* name : {"list.m3u8", "list.mp4", "list.ffconcat"}) EXPECT_NE(complaint(folder / name), "") << name;
}

class ImageFolders : public Videos {
 protected:
  void image(const std::string& name, int i, int width = 96, int height = 64) const {
    write_png(folder / name, width, height, 3, moving_square(width, height, i));
  }
};

TEST_F(ImageFolders, ComeInTheOrderOfTheirNumbers) {
  for (const int i : {0, 1, 2, 9, 10, 11}) image(fmt::format("frame{}.png", i), i);  // with a hole
  const std::string whole = bytes_of(folder / "frame9.png");
  put("frame3.png", whole.substr(0, whole.size() / 2));
  put("frame4.png", "not a picture");
  put("notes.txt", "not an image");
  VideoReader reader(folder, {.folder_fps = 10.0});
  EXPECT_EQ(reader.info().width, 96);
  EXPECT_EQ(reader.info().frames, 8);
  EXPECT_NEAR(reader.info().fps, 10.0, 1e-9);
  EXPECT_NEAR(reader.info().duration_s, 0.8, 1e-9);
  EXPECT_EQ(reader.info().codec, "png");
  const auto frames = read_all(reader);
  ASSERT_EQ(frames.size(), 6u);
  EXPECT_EQ(reader.damaged(), 2);
  const int numbers[] = {0, 1, 2, 9, 10, 11};
  const int places[] = {0, 1, 2, 5, 6, 7};  // a picture that cannot be read still takes its time
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_NEAR(blot_of(frames[i]).x, square_x(numbers[i], 96) + 8, 0.01);
    EXPECT_NEAR(frames[i].time_s, places[i] / 10.0, 1e-9);
  }
  reader.seek(0.55);
  VideoFrame frame;
  ASSERT_TRUE(reader.next(frame));
  EXPECT_NEAR(frame.time_s, 0.5, 1e-9);
}

TEST_F(ImageFolders, AreFittedIntoTheFirstOnesSize) {
  image("1.png", 0, 96, 64);
  image("2.png", 0, 64, 128);
  VideoReader reader(folder, {.max_width = 48});
  const auto frames = read_all(reader);
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[1].width, 48);
  EXPECT_EQ(frames[1].height, 32);
  // 64 x 128 -> 16 x 32 in the middle of 48 x 32
  EXPECT_NEAR(blot_of(frames[1]).x, 16 + (square_x(0, 64) + 8) / 4.0, 0.3);
  EXPECT_NEAR(blot_of(frames[1]).y, (square_y(128) + 8) / 4.0, 0.3);
}

TEST_F(ImageFolders, TakeEveryUsualKind) {
  image("a.png", 0);
  const std::string png = (folder / "a.png").string();
  for (const char* name : {"b.jpg", "c.bmp", "d.tif", "e.webp", "f.ppm"}) {
    if (!ffmpeg("-i '" + png + "' '" + (folder / name).string() + "'")) GTEST_SKIP() << "ffmpeg cannot write " << name;
  }
  VideoReader reader(folder);
  const auto frames = read_all(reader);
  ASSERT_EQ(frames.size(), 6u);
  EXPECT_EQ(reader.damaged(), 0);
  for (const VideoFrame& frame : frames) {
    EXPECT_NEAR(blot_of(frame).x, square_x(0, 96) + 8, 0.3);
    EXPECT_GT(grey(frame, 90, 60), 250);
    EXPECT_LT(grey(frame, square_x(0, 96) + 8, square_y(64) + 8), 16);
  }
}

TEST_F(ImageFolders, WhatSystemsAndWeLeaveBehindIsNoImage) {
  for (const int i : {1, 2, 3}) image(fmt::format("{}.png", i), i);
  const std::string picture = bytes_of(folder / "1.png");
  put("._1.png", picture);
  put("4.png", std::string("\0\5\26\7\0\2\0\0Mac OS X", 16) + std::string(100, '\0'));
  write_png(folder / "5.png", 96, 64, 3, moving_square(96, 64, 5), kOwnMark);
  std::filesystem::create_directory(folder / "6.png");
  VideoReader reader(folder);
  EXPECT_EQ(reader.info().frames, 3);
  EXPECT_EQ(read_all(reader).size(), 3u);
  VideoReader given(folder / "5.png");  // by its own name it is a picture like any other, comment and all
  EXPECT_EQ(read_all(given).size(), 1u);
  EXPECT_EQ(given.damaged(), 0);
}

TEST_F(ImageFolders, OfBrokenImagesOnlyAreAnError) {
  put("1.png", "no");
  put("2.jpg", "neither");
  EXPECT_NE(complaint(folder).find("none of its 2 images"), std::string::npos);
}

}  // namespace
}  // namespace ombra::media::test
