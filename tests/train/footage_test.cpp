// From small films to data sets: the pictures are those of the dancer who was drawn.

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "drawing/png.hpp"
#include "footage/data/preview.hpp"
#include "footage/prepare/inputs.hpp"
#include "footage/prepare/prepare.hpp"
#include "footage/video/even_frames.hpp"
#include "media/read/video_reader.hpp"
#include "media/write/audio_writer.hpp"
#include "temp_folder.hpp"
#include "train/scene.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;

class FootageTest : public ombra::test::FolderTest {
 protected:
  void SetUp() override { log::set_level(log::level::off); }
  void TearDown() override { set_interrupted(false); }

  PrepareOptions options(std::vector<fs::path> inputs, PictureKind picture = PictureKind::kBinary) const {
    PrepareOptions o;
    o.inputs = std::move(inputs);
    o.output = folder / "out/film.safetensors";
    o.width = 160;
    o.size = 90;
    o.picture = picture;
    o.crop.kind = CropSpec::Kind::kNone;
    o.mirror = false;
    o.hold_out_last = HeldOutEnd{};
    o.threads = 2;
    return o;
  }

  // The true outline at half the size.
  static std::vector<float> truth(const test::Scene& scene, int frame) {
    const std::vector<float> full = scene.cover(frame);
    const int w = scene.width / 2, h = scene.height / 2;
    std::vector<float> half;
    for (int y = 0; y < h; ++y) {
      for (int x = 0; x < w; ++x) {
        const auto i = static_cast<std::size_t>(2 * y * scene.width + 2 * x),
                   below = i + static_cast<std::size_t>(scene.width);
        half.push_back(0.25f * (full[i] + full[i + 1] + full[below] + full[below + 1]));
      }
    }
    return half;
  }
  static std::vector<float> ink(const DataSet& data, std::int64_t frame) {
    std::vector<float> ink;
    for (const std::uint8_t v : data.picture(frame)) {
      ink.push_back(data.kind() == PictureKind::kDistance ? (static_cast<std::int8_t>(v) < 0 ? 1.0f : 0.0f)
                                                          : 1.0f - static_cast<float>(v) / 255.0f);
    }
    return ink;
  }
  // Films the scene, prepares the film and compares every fifth picture with the truth. -> the least overlap
  double worst_overlap(const test::Scene& small, const KeySpec& key = {}) const {
    const test::Scene scene = test::enlarged(small, 1.5);
    PrepareOptions o = options({film(scene)});
    o.width = scene.width / 2;
    o.size = scene.height / 2;
    o.key = key;
    prepare(o);
    const DataSet data(o.output);
    EXPECT_EQ(data.frames(), static_cast<std::int64_t>(seconds * scene.fps));
    double worst = 1.0;
    for (std::int64_t t = 0; t < data.frames(); t += 5)
      worst = std::min(worst, test::overlap(ink(data, t), truth(scene, static_cast<int>(t))));
    return worst;
  }
  fs::path film(const test::Scene& scene, const std::string& name = "film.mp4") const {
    scene.film(folder / name, seconds);
    return folder / name;
  }

  double seconds = 3.0;
};

TEST_F(FootageTest, BelowAndAbove) {
  test::Scene scene;
  scene.noise = 4.0;
  scene.walk = 40.0;
  EXPECT_GT(worst_overlap(scene), 0.93) << "automatic";
  EXPECT_GT(worst_overlap(scene, {.kind = KeyKind::kBelow, .threshold = 130.0}), 0.93);
  scene.ground = [](double x, double) { return test::Rgb{20 + x / 20, 15, 25}; };
  scene.figure = [](double, double y) { return test::Rgb{230, 220 - y / 4, 200}; };
  EXPECT_GT(worst_overlap(scene), 0.93) << "automatic";
  EXPECT_GT(worst_overlap(scene, {.kind = KeyKind::kAbove, .threshold = 110.0}), 0.93);
}

TEST_F(FootageTest, AGradientOfLight) {
  test::Scene scene;
  scene.noise = 3.0;
  scene.walk = 40.0;
  scene.ground = [](double x, double y) {
    const double v = 240.0 - 0.45 * std::abs(x - 160.0) - 0.2 * y;
    return test::Rgb{v, 0.97 * v, 0.9 * v};
  };
  EXPECT_GT(worst_overlap(scene), 0.92);
}

TEST_F(FootageTest, DistanceFromTheFiguresColourAndFromTheGrounds) {
  test::Scene scene;
  scene.noise = 3.0;
  scene.walk = 40.0;
  scene.figure = [](double, double) { return test::Rgb{0, 0, 0}; };
  scene.ground = [](double x, double y) {
    return test::Rgb{180 + 60 * std::sin(x / 40), 160 + 80 * std::sin(y / 30), 200};
  };
  EXPECT_GT(worst_overlap(scene, {.kind = KeyKind::kDistance, .threshold = 150.0, .colour = Colour{0, 0, 0}}), 0.92);
  scene.figure = [](double, double y) { return y > 110 ? test::Rgb{60, 60, 160} : test::Rgb{90, 170, 190}; };
  scene.ground = [](double, double) { return test::Rgb{200, 120, 90}; };
  EXPECT_GT(worst_overlap(scene), 0.92) << "automatic";
}

TEST_F(FootageTest, GreenAndBlueScreensAndBluePixels) {
  test::Scene scene;
  scene.noise = 4.0;
  scene.walk = 40.0;
  scene.ground = [](double x, double y) { return test::Rgb{40, 190 - x / 8 - y / 8, 60}; };
  scene.figure = [](double, double y) { return y < 60 ? test::Rgb{210, 170, 150} : test::Rgb{50, 45, 60}; };
  EXPECT_GT(worst_overlap(scene), 0.9) << "automatic";
  scene.ground = [](double x, double y) { return test::Rgb{30, 70, 200 - x / 8 - y / 8}; };
  scene.figure = [](double, double y) { return y < 60 ? test::Rgb{210, 170, 150} : test::Rgb{50, 45, 30}; };
  EXPECT_GT(worst_overlap(scene, {.kind = KeyKind::kBlue}), 0.9);
  scene.figure = [](double, double) { return test::Rgb{50, 45, 30}; };
  EXPECT_GT(worst_overlap(scene, {.kind = KeyKind::kRemoveBlue, .contrast = 1.2}), 0.9);
}

TEST_F(FootageTest, AFixedCameraInARoom) {
  test::Scene scene;
  scene.noise = 4.0;
  scene.walk = 90.0;
  scene.ground = test::room;
  scene.figure = [](double, double y) { return y > 100 ? test::Rgb{35, 50, 110} : test::Rgb{225, 215, 40}; };
  seconds = 8.0;
  EXPECT_GT(worst_overlap(scene), 0.9);
}

TEST_F(FootageTest, DistancesAreToTheTrueOutline) {
  test::Scene scene;
  scene.walk = 20.0;
  prepare(options({film(scene)}, PictureKind::kDistance));
  const DataSet data(folder / "out/film.safetensors");
  double off = 0.0, count = 0.0;
  for (const int t : {10, 40, 70}) {
    EXPECT_GT(test::overlap(ink(data, t), truth(scene, t)), 0.93);
    const std::vector<float> cover = truth(scene, t);
    for (std::size_t i = 0; i < cover.size(); ++i) {  // on the outline a pixel's cover tells its distance
      if (cover[i] < 0.3f || cover[i] > 0.7f) continue;
      off += std::abs(static_cast<std::int8_t>(data.picture(t)[i]) / kUnitsPerPixel - (0.5f - cover[i]));
      count += 1.0;
    }
  }
  EXPECT_LT(off / count, 0.3) << "of a pixel";
}

TEST_F(FootageTest, GrayAndColourHaveAWhiteGround) {
  test::Scene scene;
  scene.ground = [](double, double) { return test::Rgb{30, 200, 40}; };
  scene.figure = [](double, double) { return test::Rgb{200, 60, 90}; };
  PrepareOptions o = options({film(scene)}, PictureKind::kRgb);
  prepare(o);
  const DataSet rgb(o.output);
  const auto pixel = rgb.picture(20).subspan(3 * (45 * 160 + 80), 3);  // the belly
  EXPECT_NEAR(pixel[0], 200, 12);
  EXPECT_NEAR(pixel[1], 60, 12);
  EXPECT_NEAR(pixel[2], 90, 12);
  EXPECT_EQ(rgb.picture(20)[0], 255);
  o.picture = PictureKind::kGray;
  prepare(o);
  EXPECT_NEAR(DataSet(o.output).picture(20)[45 * 160 + 80], (77 * 200 + 150 * 60 + 29 * 90) / 256, 10);
  o.key.kind = KeyKind::kNone;
  prepare(o);
  EXPECT_NEAR(DataSet(o.output).picture(20)[0], (77 * 30 + 150 * 200 + 29 * 40) / 256, 6) << "as it is";
  o.invert = true;
  prepare(o);
  EXPECT_NEAR(DataSet(o.output).picture(20)[0], 255 - (77 * 30 + 150 * 200 + 29 * 40) / 256, 6);
}

TEST_F(FootageTest, TheFigureStandsAsMotionCaptureDoes) {
  test::Scene scene;
  scene.walk = 40.0;
  scene.tall = 120.0;
  PrepareOptions o = options({film(scene)}, PictureKind::kDistance);
  o.width = 0;
  o.size = 96;
  o.crop = {};
  const PrepareReport report = prepare(o);
  const DataSet data(o.output);
  EXPECT_EQ(report.touching, 0);
  for (std::int64_t t = 0; t < data.frames(); t += 10) {
    const auto box = box_of(ink(data, t), 96, 96);
    ASSERT_TRUE(box.has_value());
    EXPECT_NEAR(96.0 - box->bottom, 0.05 * 96, 2.5) << "feet 5 % above the lower edge";
    EXPECT_NEAR(box->centre(), 48.0, 13.0) << "followed";
  }
}

TEST_F(FootageTest, AutomaticCropIsTheBoxThatTheDancerUses) {
  test::Scene scene;
  scene.width = 480;
  scene.height = 270;
  scene.walk = 50.0;
  PrepareOptions o = options({film(scene)});
  o.crop = {};
  const PrepareReport report = prepare(o);
  const DataSet data(o.output);
  EXPECT_LT(static_cast<double>(report.touching), 0.03 * static_cast<double>(report.footage_frames));
  double used_left = 160.0, used_right = 0.0, used_top = 90.0;
  for (std::int64_t t = 0; t < data.frames(); ++t) {
    const auto box = box_of(ink(data, t), 160, 90);
    ASSERT_TRUE(box.has_value());
    used_left = std::min(used_left, box->left);
    used_right = std::max(used_right, box->right);
    used_top = std::min(used_top, box->top);
  }
  EXPECT_LT(used_top, 16.0) << "the picture is used";
  EXPECT_NEAR(0.5 * (used_left + used_right), 80.0, 12.0) << "in the middle";
  o.crop = parse_crop("150,60,80,45");
  const PrepareReport cut = prepare(o);
  EXPECT_GT(cut.touching, 0) << "the figure is larger than this";
}

TEST_F(FootageTest, RatesStartAndEnd) {
  test::Scene scene;
  scene.fps = 30.0;
  seconds = 6.0;
  PrepareOptions o = options({film(scene)});
  o.every = 4;
  EXPECT_EQ(prepare(o).frames, 45);
  EXPECT_EQ(DataSet(o.output).fps(), 7.5);
  o.every = 0;
  o.fps = 20.0;
  o.start_s = 1.0;
  o.end_s = 4.0;
  EXPECT_EQ(prepare(o).frames, 60);
  EXPECT_GT(test::overlap(ink(DataSet(o.output), 20), truth(scene, 60)), 0.93) << "2 s from the start of the film";
  o.fps = 0.0;
  o.start_s = o.end_s = 0.0;
  EXPECT_EQ(prepare(o).fps, 30.0);
}

TEST_F(FootageTest, VariableRateIsMadeEven) {
  test::Scene scene;
  seconds = 5.0;
  const fs::path plain = film(scene), uneven = folder / "uneven.mkv";
  // frames 0 .. 49 at twice the time, then as they were
  const std::string command = "ffmpeg -nostdin -v quiet -y -i '" + plain.string() +
                              "' -vf \"setpts='if(lt(N,50),2*N,N+50)/25/TB'\" -vsync vfr '" + uneven.string() + "'";
  if (std::system(command.c_str()) != 0) GTEST_SKIP() << "no ffmpeg command";
  PrepareOptions o = options({uneven});
  o.fps = 25.0;
  prepare(o);
  const DataSet data(o.output);
  EXPECT_NEAR(static_cast<double>(data.frames()), 175.0, 2.0);
  EXPECT_GT(test::overlap(ink(data, 60), truth(scene, 30)), 0.93);
  EXPECT_GT(test::overlap(ink(data, 150), truth(scene, 100)), 0.93);
}

// -> the film with a pause behind its first part; nothing where there is no ffmpeg command
bool with_pause(const fs::path& film, double first_s, double pause_s, const fs::path& out,
                const std::string& more = "") {
  const std::string command =
      fmt::format("ffmpeg -nostdin -v quiet -y -i '{}' {} -vf \"setpts='PTS+gte(T,{})*{}/TB'\" -vsync vfr '{}'",
                  film.string(), more, first_s - 0.001, pause_s, out.string());
  return std::system(command.c_str()) == 0;
}

TEST_F(FootageTest, TheLastPictureIsHeldThroughPauses) {
  test::Scene scene;
  scene.fps = 10.0;
  scene.walk = 60.0;
  seconds = 6.0;
  const fs::path paused = folder / "paused.mkv";
  if (!with_pause(film(scene), 3.0, 70.0, paused)) GTEST_SKIP() << "no ffmpeg command";
  PrepareOptions o = options({paused});
  const PrepareReport report = prepare(o);
  EXPECT_EQ(report.fps, 10.0) << "not the mean of dance and pause";
  EXPECT_NEAR(static_cast<double>(report.frames), 760.0, 1.0);
  EXPECT_EQ(report.pauses, 1);
  EXPECT_NEAR(report.paused_s, 70.1, 0.05);
  EXPECT_EQ(report.cut_s, 0.0);
  const DataSet data(o.output);
  const auto same = [&](std::int64_t a, std::int64_t b) { return test::overlap(ink(data, a), ink(data, b)) > 0.999; };
  EXPECT_TRUE(same(29, 728)) << "held to the end";
  EXPECT_FALSE(same(29, 731)) << "and no longer";
  EXPECT_GT(test::overlap(ink(data, 740), truth(scene, 40)), 0.93) << "where the sound would be";
  o.start_s = 50.0;
  prepare(o);
  const DataSet late(o.output);
  EXPECT_NEAR(static_cast<double>(late.frames()), 260.0, 1.0) << "begins within the pause";
  EXPECT_GT(test::overlap(ink(late, 5), truth(scene, 29)), 0.93);
}

// A click at 0.3 s and every 0.6 s behind it.
void write_clicks(const fs::path& path, double seconds) {
  media::Sound clicks{std::vector<float>(static_cast<std::size_t>(48000 * seconds)), 1, 48000};
  for (std::size_t i = 0; i < clicks.samples.size(); ++i) {
    const double beats = (static_cast<double>(i) / 48000.0 - 0.3) * 100.0 / 60.0,
                 since = (beats - std::floor(beats)) * 0.6;
    clicks.samples[i] =
        static_cast<float>(0.8 * std::exp(-since * 60.0) * std::sin(2.0 * std::numbers::pi * 90.0 * since));
  }
  media::write_audio(path, clicks);
}

void expect_beats(const DataSet& data, std::initializer_list<double> times_s) {
  EXPECT_EQ(data.clips()[0].beat_source, "soundtrack");
  for (const double time_s : times_s) {
    const double beat = data.beat()[static_cast<std::size_t>(std::lround(time_s * data.fps()))];
    EXPECT_NEAR(beat, std::round(beat), 0.12) << time_s;
  }
}

TEST_F(FootageTest, TheBeatFitsBehindAPause) {
  test::Scene scene;
  scene.bpm = 100.0;
  write_clicks(folder / "clicks.wav", 40.0);
  scene.film(folder / "film.mp4", 20.0);
  const fs::path paused = folder / "paused.mkv";
  const std::string sound = fmt::format("-i '{}' -map 0:v -map 1:a -c:a flac", (folder / "clicks.wav").string());
  if (!with_pause(folder / "film.mp4", 10.0, 20.0, paused, sound)) GTEST_SKIP() << "no ffmpeg command";
  PrepareOptions o = options({paused});
  prepare(o);
  expect_beats(DataSet(o.output), {0.3 + 8 * 0.6, 0.3 + 60 * 0.6});  // before and behind it
}

TEST_F(FootageTest, TheBeatFitsWhereTheSoundBeginsBeforeThePicture) {
  test::Scene scene;
  scene.bpm = 100.0;
  write_clicks(folder / "clicks.wav", 24.0);
  scene.film(folder / "film.mp4", 20.0);
  const std::string command = fmt::format(
      "ffmpeg -nostdin -v quiet -y -i '{0}/clicks.wav' -itsoffset 1.5 -i '{0}/film.mp4' -map 1:v -map 0:a "
      "-c:v copy -c:a flac '{0}/late.mkv'",
      folder.string());
  if (std::system(command.c_str()) != 0) GTEST_SKIP() << "no ffmpeg command";
  PrepareOptions o = options({folder / "late.mkv"});
  prepare(o);
  expect_beats(DataSet(o.output), {0.3 + 10 * 0.6 - 1.5, 0.3 + 30 * 0.6 - 1.5});
}

TEST_F(FootageTest, GifsAreShownAsLongAsTheySay) {
  test::Scene scene;
  scene.fps = 10.0;
  scene.walk = 60.0;
  seconds = 0.4;
  std::string bytes = read_text(film(scene, "film.gif"));
  std::size_t at = 0;
  for (const int delay : {208, 8, 24, 200}) {  // hundredths of a second
    at = bytes.find(std::string("\x21\xf9\x04", 3), at);
    ASSERT_NE(at, std::string::npos);
    bytes[at + 4] = static_cast<char>(delay), bytes[at + 5] = 0, at += 8;
  }
  std::ofstream(folder / "film.gif", std::ios::binary) << bytes;
  PrepareOptions o = options({folder / "film.gif"}, PictureKind::kGray);
  o.key.kind = KeyKind::kNone;
  o.fps = 12.5;
  EXPECT_EQ(prepare(o).frames, 55) << "4.4 s";
  const DataSet data(o.output);
  const auto same = [&](std::int64_t a, std::int64_t b) {
    return std::ranges::equal(data.picture(a), data.picture(b));
  };
  EXPECT_TRUE(same(0, 25)) << "2.08 s are 26 pictures";
  EXPECT_FALSE(same(25, 26));
  EXPECT_TRUE(same(30, 54));
}

TEST_F(FootageTest, TimeStampsCannotFillTheDisk) {
  test::Scene scene;
  scene.width = 64, scene.height = 36, scene.tall = 30.0, scene.floor = 34.0;
  scene.fps = 1.0;
  seconds = 40.0;
  const fs::path slow = folder / "slow.mkv";  // a frame every eleven minutes, seven hours in all
  const std::string command = "ffmpeg -nostdin -v quiet -y -i '" + film(scene).string() +
                              "' -vf \"setpts='660*N/TB'\" -vsync vfr -c:v libx264 -bf 0 '" + slow.string() + "'";
  if (std::system(command.c_str()) != 0) GTEST_SKIP() << "no ffmpeg command";
  EvenFrames frames(slow, {}, 0.0, 0.0, 1.0);
  media::VideoFrame frame;
  std::int64_t repeats = 0, longest = 0;
  while (const int times = frames.next(frame)) {
    repeats += times;
    longest = std::max<std::int64_t>(longest, times);
  }
  EXPECT_LE(longest, EvenFrames::kLongestS + 1);
  EXPECT_LE(repeats, EvenFrames::kLongestTogetherS + 40.0);
  EXPECT_GT(repeats, EvenFrames::kLongestTogetherS - 60.0);
  const Pauses& pauses = frames.pauses();
  EXPECT_NEAR(pauses.seconds - pauses.cut_s(), static_cast<double>(repeats), 60.0) << "the rest is told";
  EXPECT_GE(pauses.count, 39);
  ASSERT_FALSE(pauses.cuts.empty());
  EXPECT_NEAR(pauses.cuts[0].at_s, 600.0, 1.0);
  EXPECT_NEAR(pauses.cuts[0].seconds, 60.0, 1.0);
  EXPECT_EQ(pauses.moved(500.0), 500.0);
  EXPECT_EQ(pauses.moved(630.0), std::nullopt);
  EXPECT_NEAR(pauses.moved(700.0).value_or(0.0), 640.0, 1.0);
}

TEST_F(FootageTest, WhatLiesInAFolderBesidesFootageIsPassedOver) {
  test::Scene scene;
  seconds = 2.0;
  fs::create_directories(folder / "videos");
  fs::copy(film(scene), folder / "videos/friend.mp4");
  fs::create_directory(folder / "videos/folder.mp4");
  write_atomically(folder / "videos/._friend.mp4", std::string("\0\5\26\7\0\2\0\0Mac OS X", 16));
  write_atomically(folder / "videos/.DS_Store", "x");
  write_atomically(folder / "videos/empty.mov", "");
  write_atomically(folder / "videos/cover.jpg", "x");
  PrepareOptions o = options({folder / "videos"});
  o.output = folder / "videos/data.safetensors";
  PrepareReport report = prepare(o);
  const std::vector<std::string> first = {"._friend.mp4 (hidden)",
                                          "1 images beside videos in " + (folder / "videos").string(),
                                          "empty.mov (empty)", "folder.mp4 (no file)"};
  EXPECT_EQ(report.passed_over, first);
  EXPECT_EQ(report.takes, 1);
  report = prepare(o);  // its own preview and sheet lie there now
  EXPECT_EQ(report.takes, 1);
  EXPECT_EQ(report.footage_frames, 50);
  EXPECT_TRUE(std::ranges::count(report.passed_over, "data.preview.mp4 (made by Ombra)") == 1);
  // known by their marks when they are called otherwise and the data set is gone ...
  fs::rename(folder / "videos/data.preview.mp4", folder / "videos/dance.mp4");
  fs::rename(folder / "videos/data.png", folder / "videos/dance.png");
  fs::rename(folder / "videos/data.safetensors", folder / "data.safetensors");
  Inputs found = find_inputs({folder / "videos"});
  EXPECT_EQ(found.videos, std::vector<fs::path>{folder / "videos/friend.mp4"});
  EXPECT_TRUE(std::ranges::count(found.passed_over, "dance.mp4 (made by Ombra)") == 1);
  EXPECT_TRUE(std::ranges::count(found.passed_over, "dance.png (made by Ombra)") == 1);
  // ... those of earlier versions, without a mark, by the data set beside them, and not by what people may call theirs
  fs::copy(folder / "videos/friend.mp4", folder / "videos/data.preview.mp4");
  EXPECT_EQ(find_inputs({folder / "videos"}).videos.size(), 2u);
  fs::rename(folder / "data.safetensors", folder / "videos/data.safetensors");
  EXPECT_EQ(find_inputs({folder / "videos"}).videos.size(), 1u);
  EXPECT_EQ(find_inputs({folder / "videos/data.preview.mp4"}).videos.size(), 1u) << "asked for by name";
  fs::create_directory(folder / "none");
  write_atomically(folder / "none/._a.bvh", "x");
  EXPECT_THROW(find_inputs({folder / "none"}), Error);
}

TEST_F(FootageTest, OwnSheetsAreNoNumberedImages) {
  test::Scene scene;
  fs::create_directories(folder / "stills");
  for (int t = 0; t < 30; ++t)
    write_png(folder / "stills" / fmt::format("{:03}.png", t), scene.width, scene.height, 3, scene.picture(t));
  PrepareOptions o = options({folder / "stills"});
  o.output = folder / "stills/data.safetensors";
  EXPECT_EQ(prepare(o).footage_frames, 30);
  EXPECT_EQ(prepare(o).footage_frames, 30) << "data.png lies among them, data.preview.mp4 is no video to take instead";
}

TEST_F(FootageTest, TheEndIsHeldOutAndCopiesAreMirrored) {
  test::Scene scene;
  PrepareOptions o = options({film(scene)}, PictureKind::kRgb);
  seconds = 20.0;
  film(scene);
  o.mirror = true;
  o.hold_out_last.reset();
  const PrepareReport report = prepare(o);
  const DataSet data(o.output);
  ASSERT_EQ(data.clips().size(), 4u);
  EXPECT_EQ(report.held_out_frames, 100) << "a tenth and its mirror image";
  EXPECT_EQ(data.clips()[0].length, 450);
  EXPECT_FALSE(data.clips()[0].held_out || data.clips()[1].held_out);
  EXPECT_TRUE(data.clips()[2].held_out && data.clips()[3].held_out && data.clips()[3].mirrored);
  for (int y = 0; y < 90; y += 7) {
    for (int x = 0; x < 160; ++x) {
      for (int c = 0; c < 3; ++c) {
        ASSERT_EQ(data.picture(data.clips()[2].start + 9)[static_cast<std::size_t>(3 * (160 * y + x) + c)],
                  data.picture(data.clips()[3].start + 9)[static_cast<std::size_t>(3 * (160 * y + 159 - x) + c)]);
      }
    }
  }
  EXPECT_TRUE(std::isnan(data.pose(3)[kHead].x));
  EXPECT_NEAR(data.clips()[0].bpm, 120.0, 5.0) << "from the movement";
  EXPECT_EQ(data.clips()[0].beat_source, "motion");
  EXPECT_GE(data.beat()[static_cast<std::size_t>(data.clips()[2].start)], 0.0f);
  EXPECT_LT(data.beat()[static_cast<std::size_t>(data.clips()[2].start)], 4.0f);
  double energy = 0.0;
  for (std::size_t t = 0; t < 450; ++t) energy += data.energy()[t] / 450.0;
  EXPECT_NEAR(energy, 1.0, 1e-3);
}

TEST_F(FootageTest, TheBeatIsHeardInTheFilmsOwnSound) {
  test::Scene scene;
  scene.bpm = 100.0;
  media::Sound clicks{std::vector<float>(48000 * 24), 1, 48000};
  for (std::size_t i = 0; i < clicks.samples.size(); ++i) {
    const double beats = (static_cast<double>(i) / 48000.0 - 0.3) * 100.0 / 60.0,
                 since = (beats - std::floor(beats)) * 0.6;
    clicks.samples[i] =
        static_cast<float>(0.8 * std::exp(-since * 60.0) * std::sin(2.0 * std::numbers::pi * 90.0 * since));
  }
  scene.film(folder / "film.mp4", 24.0, 23, &clicks);
  PrepareOptions o = options({folder / "film.mp4"});
  o.start_s = 4.0;
  prepare(o);
  const DataSet data(o.output);
  EXPECT_EQ(data.clips()[0].beat_source, "soundtrack");
  EXPECT_NEAR(data.clips()[0].bpm, 100.0, 1.0);
  const double frame = (0.3 + 12 * 0.6 - 4.0) * 25.0;  // a beat
  const double beat = data.beat()[static_cast<std::size_t>(std::lround(frame))];
  EXPECT_NEAR(beat, std::round(beat), 0.12);
}

TEST_F(FootageTest, SeveralInputsMotionAndImagesTogether) {
  test::Scene scene;
  seconds = 2.0;
  film(scene, "a.mp4");
  film(scene, "b.mp4");
  fs::create_directories(folder / "stills");
  for (int t = 0; t < 50; ++t)
    write_png(folder / "stills" / fmt::format("{:03}.png", t), scene.width, scene.height, 3, scene.picture(t));
  write_atomically(folder / "swing.trc", test::trc_text(test::dance(5.0, 30.0, 120.0), 30.0));
  PrepareOptions o = options({folder / "a.mp4", folder / "b.mp4", folder / "stills", folder / "swing.trc"});
  o.yaws = {0.0};
  o.hold_out_last.reset();
  o.hold_out = {"b"};
  const PrepareReport report = prepare(o);
  EXPECT_EQ(report.takes, 4);
  const DataSet data(o.output);
  ASSERT_EQ(data.clips().size(), 4u);
  EXPECT_EQ(data.clips()[0].name, "swing");
  EXPECT_FALSE(std::isnan(data.pose(0)[kHead].x));
  for (const DataClip& clip : data.clips()) EXPECT_EQ(clip.held_out, clip.name == "b");
  for (const std::size_t c : {1u, 2u, 3u}) {
    EXPECT_EQ(data.clips()[c].length, 50);
    EXPECT_GT(test::overlap(ink(data, data.clips()[c].start + 30), truth(scene, 30)), 0.93) << data.clips()[c].name;
  }
  const auto motion = box_of(ink(data, 5), 160, 90);
  ASSERT_TRUE(motion.has_value());
  EXPECT_NEAR(motion->centre(), 80.0, 15.0) << "drawn into the middle";
  EXPECT_NEAR(motion->bottom, 0.95 * 90.0, 3.0);
}

TEST_F(FootageTest, FramesThatCannotBeReadAreCounted) {
  test::Scene scene;
  scene.noise = 8.0;
  const fs::path path = film(scene, "torn.mp4");
  std::string bytes = read_text(path, 1u << 28);
  const std::size_t from = bytes.find("mdat") + bytes.size() / 3;
  Rng rng(3);
  for (std::size_t i = from; i < from + bytes.size() / 20; ++i) bytes[i] = static_cast<char>(rng.below(256));
  std::ofstream(path, std::ios::binary) << bytes;
  const PrepareReport report = prepare(options({path}));
  EXPECT_GT(report.frames, 40);
  EXPECT_GT(report.damaged, 0);
  std::ofstream(path, std::ios::binary) << bytes.substr(0, 2000);
  EXPECT_THROW(prepare(options({path})), Error);
  std::ofstream(path, std::ios::binary) << "a text, not a film\n";
  EXPECT_THROW(prepare(options({path})), Error);
}

TEST_F(FootageTest, NothingIsLeftBehindWhenItFails) {
  test::Scene scene;
  film(scene);
  PrepareOptions o = options({folder / "film.mp4"});
  set_interrupted(true);
  EXPECT_THROW(prepare(o), Error);
  set_interrupted(false);
  o.start_s = 100.0;
  EXPECT_THROW(prepare(o), Error);
  EXPECT_FALSE(fs::exists(folder / "out") && !fs::is_empty(folder / "out"));
  o.start_s = 0.0;
  prepare(o);
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder / "out")) files += entry.is_regular_file();
  EXPECT_EQ(files, 3u) << "data set, contact sheet, preview";
}

TEST_F(FootageTest, ThePreviewShowsWhatIsInTheDataSet) {
  test::Scene scene;
  seconds = 5.0;
  const PrepareReport report = prepare(options({film(scene)}, PictureKind::kDistance));
  const DataSet data(folder / "out/film.safetensors");
  media::VideoReader reader(report.preview);
  EXPECT_EQ(reader.info().width, 4 * 160);
  EXPECT_EQ(reader.info().height, 4 * 90);
  media::VideoFrame frame;
  ASSERT_TRUE(reader.next(frame));
  const std::vector<std::int64_t> shown = preview_frames(data, 20.0);
  ASSERT_EQ(shown.size(), 125u);
  double off = 0.0;
  for (int y = 0; y < 90; ++y) {
    for (int x = 0; x < 160; ++x) {
      const float d =
          static_cast<std::int8_t>(data.picture(shown[0])[static_cast<std::size_t>(160 * y + x)]) / kUnitsPerPixel;
      off += std::abs(255.0f * std::clamp(0.5f + d, 0.0f, 1.0f) -
                      frame.rgb[static_cast<std::size_t>(3 * ((4 * y + 2) * 640 + 4 * x + 2))]);
    }
  }
  EXPECT_LT(off / (160.0 * 90.0), 4.0);
  EXPECT_EQ(preview_frames(data, 2.0).size(), 50u);
}

}  // namespace
}  // namespace ombra::train
