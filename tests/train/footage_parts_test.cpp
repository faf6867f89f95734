// The parts of reading footage, each on pictures with a known answer.

#include "core/error.hpp"
#include "footage/motion/pulse.hpp"
#include "footage/prepare/prepare_footage.hpp"
#include "footage/prepare/prepare_words.hpp"
#include "footage/video/background.hpp"
#include "footage/video/blobs.hpp"
#include "footage/video/choose_key.hpp"
#include "footage/video/follower.hpp"
#include "footage/video/framing.hpp"
#include "footage/video/key.hpp"
#include "footage/video/letterbox.hpp"
#include "footage/video/level_split.hpp"
#include "footage/video/rim_key.hpp"
#include "footage/video/scaler.hpp"
#include "train/scene.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace ombra::train {
namespace {

std::vector<float> ink_of(const KeySpec& key, std::vector<std::uint8_t> rgb) {
  std::vector<float> ink(rgb.size() / 3);
  key_picture(key, rgb, ink);
  return ink;
}

std::vector<bool> inside(const std::vector<float>& ink) {
  std::vector<bool> over;
  for (const float v : ink) over.push_back(v > 0.5f);
  return over;
}

std::vector<media::VideoFrame> frames_of(const test::Scene& scene, int count, int step = 7) {
  std::vector<media::VideoFrame> frames;
  for (int k = 0; k < count; ++k)
    frames.push_back({scene.width, scene.height, k * step / scene.fps, scene.picture(k * step)});
  return frames;
}

KeyChoice choice_of(const test::Scene& scene, const KeySpec& asked = {}) {
  const auto frames = frames_of(scene, 24);
  return choose_key(frames, Background(frames), find_content(frames), asked);
}

TEST(Key, LevelsSplitAtTheThreshold) {
  const std::vector<std::uint8_t> greys{0, 0, 0, 20, 20, 20, 60, 60, 60, 255, 255, 255};
  KeySpec key{.kind = KeyKind::kBelow, .threshold = 20.0};
  const std::vector<float> below = ink_of(key, greys);
  EXPECT_EQ(below[0], 1.0f);
  EXPECT_GT(below[1], 0.5f) << "20 itself is not brighter than 20";
  EXPECT_EQ(below[2], 0.0f);
  key.kind = KeyKind::kAbove;
  const std::vector<float> above = ink_of(key, greys);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(above[i], 1.0f - below[i], 1e-6f);
}

TEST(Key, AColourIsTheFiguresOrTheGrounds) {
  const std::vector<std::uint8_t> rgb{10, 20, 30, 40, 20, 30, 200, 20, 30};
  KeySpec key;
  key.kind = KeyKind::kDistance;
  key.threshold = 60.0;
  parse_key_colour("#0a141e", key);
  EXPECT_FALSE(key.colour_is_ground);
  EXPECT_EQ(inside(ink_of(key, rgb)), (std::vector<bool>{true, true, false}));
  parse_key_colour("ground:#0a141e", key);
  EXPECT_EQ(inside(ink_of(key, rgb)), (std::vector<bool>{false, false, true}));
  parse_key_colour("ground", key);
  EXPECT_TRUE(key.colour_is_ground && !key.colour);
}

TEST(Key, AGreenScreenLeavesNoGreenOnTheFigure) {
  std::vector<std::uint8_t> rgb{30, 200, 40, 120, 160, 100, 150, 90, 80};  // screen, hair lit by it, skin
  const std::vector<float> ink = ink_of({.kind = KeyKind::kGreen, .threshold = 80.0}, rgb);
  EXPECT_EQ(ink[0], 0.0f);
  EXPECT_GT(ink[1], 0.7f);
  EXPECT_EQ(ink[2], 1.0f);
  suppress_spill(KeyKind::kGreen, rgb);
  EXPECT_EQ(rgb[4], 120) << "no greener than it is red";
  EXPECT_EQ(rgb[7], 90);
}

TEST(Key, BlueIsRemovedAndWhatIsDarkStays) {
  const std::vector<std::uint8_t> rgb{20, 30, 120, 30, 30, 35, 240, 240, 240};  // dark blue, dark, bright
  EXPECT_EQ(inside(ink_of({.kind = KeyKind::kRemoveBlue, .threshold = 20.0}, rgb)),
            (std::vector<bool>{false, true, false}));
}

TEST(Key, ContrastIsRaisedAboutTheMiddle) {
  std::vector<std::uint8_t> levels{0, 100, 127, 128, 160, 255};
  raise_contrast(levels, 2.0);
  EXPECT_EQ(levels, (std::vector<std::uint8_t>{0, 73, 127, 129, 193, 255}));
}

TEST(Key, WhatAUserWritesIsReadStrictly) {
  for (const KeyKind kind : {KeyKind::kAuto, KeyKind::kBelow, KeyKind::kRemoveBlue, KeyKind::kNone})
    EXPECT_EQ(parse_key(name_of(kind)), kind);
  KeySpec key;
  for (const char* wrong : {"", "purple", "Below", "belo"}) EXPECT_THROW(parse_key(wrong), UsageError) << wrong;
  for (const char* wrong :
       {"", "red", "#12345", "#1234567", "#12345g", "# 12345", "#-12345", "ground:", "ground:#1", "groundwater"})
    EXPECT_THROW(parse_key_colour(wrong, key), UsageError) << wrong;
}

TEST(PrepareWords, SizesSharesAndCrops) {
  EXPECT_EQ(parse_size("200x120"), (std::pair{200, 120}));
  EXPECT_EQ(parse_size("96"), (std::pair{96, 96}));
  EXPECT_EQ(parse_held_out_end("10%").share, 0.1);
  EXPECT_EQ(parse_held_out_end("0.25").share, 0.25);
  EXPECT_EQ(parse_held_out_end("1:30").seconds, 90.0);
  EXPECT_EQ(parse_crop("10,20,300,200").by_hand.width, 300.0);
  for (const char* wrong : {"", "0", "200x", "x120", "200x120x3", "9.5", "5000", "-96", "nan"})
    EXPECT_THROW(parse_size(wrong), UsageError) << wrong;
  for (const char* wrong : {"", "%", "200%", "-1%", "a lot"})
    EXPECT_THROW(parse_held_out_end(wrong), UsageError) << wrong;
  for (const char* wrong : {"", "1,2,3", "1,2,3,4,5", "1,2,0,4", "-1,2,3,4", "a,b,c,d", "nan,0,5,5", "full"})
    EXPECT_THROW(parse_crop(wrong), UsageError) << wrong;
}

TEST(LevelSplit, FindsTheValley) {
  Histogram histogram{};
  for (std::size_t v = 20; v < 30; ++v) histogram[v] = 100;    // a tenth
  for (std::size_t v = 200; v < 240; ++v) histogram[v] = 225;  // the rest
  const LevelSplit split = split_levels(histogram);
  EXPECT_NEAR(split.low_mean, 24.5, 1e-9);
  EXPECT_NEAR(split.high_mean, 219.5, 1e-9);
  EXPECT_NEAR(split.threshold, 122.0, 1e-9);
  EXPECT_NEAR(split.low_share, 0.1, 1e-9);
  EXPECT_EQ(split.between, 0.0);
  EXPECT_NEAR(split.low_spread, std::sqrt(99.0 / 12.0), 1e-6) << "of ten levels in a row";
}

// A stage whose corners are darker than the dancers; the farther one is in haze, and the floor mirrors the near one.
TEST(RimKey, TakesDarkFiguresBeforeUnevenLight) {
  constexpr int kWidth = 160, kHeight = 100;
  std::vector<std::uint8_t> rgb;
  const auto box = [](int x, int y, int left, int top, int right, int bottom) {
    return x >= left && x < right && y >= top && y < bottom;
  };
  const auto near_one = [&](int x, int y) { return box(x, y, 60, 20, 76, 70); };
  const auto far_one = [&](int x, int y) { return box(x, y, 100, 30, 110, 70); };
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const double away = std::hypot(x - 80.0, y - 45.0) / 60.0;
      int v = static_cast<int>(20.0 + 210.0 * std::exp(-away * away));
      if (near_one(x, y)) v = 30;
      if (far_one(x, y)) v = 70;
      if (box(x, y, 60, 74, 76, kHeight)) v = 35;  // the reflection
      rgb.insert(rgb.end(), {static_cast<std::uint8_t>(v), static_cast<std::uint8_t>(v / 2), 10});
    }
  }
  const std::vector<std::uint8_t> depth = rim_depth(rgb, kWidth, kHeight);
  EXPECT_EQ(depth[0], 0) << "the edge is a way out";
  std::vector<float> ink(rgb.size() / 3);
  rim_ink(rgb, kWidth, kHeight, kMinRim, ink);
  int wrong = 0;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const bool figure = near_one(x, y) || far_one(x, y);
      wrong += (ink[static_cast<std::size_t>(y * kWidth + x)] > 0.5f) != figure ? 1 : 0;
    }
  }
  EXPECT_LE(wrong, 12);
  const RimSurvey survey = survey_rim(rgb, kWidth, kHeight, kMinRim);
  EXPECT_EQ(survey.level, 30.0);
  EXPECT_NEAR(survey.share, 16.0 * 50.0 / (kWidth * kHeight), 0.01) << "of the deepest alone";

  const std::vector<std::uint8_t> plain(rgb.size(), 128);
  rim_ink(plain, kWidth, kHeight, kMinRim, ink);
  EXPECT_EQ(*std::max_element(ink.begin(), ink.end()), 0.0f) << "nothing is deep in a grey picture";
}

TEST(Background, IsTheRoomWithoutTheDancer) {
  test::Scene scene;
  scene.ground = test::room;
  scene.walk = 90.0;
  scene.noise = 3.0;
  const auto frames = frames_of(scene, 40);
  const Background still(frames);
  double off = 0.0;
  for (int y = 0; y < scene.height; ++y) {
    for (int x = 0; x < scene.width; ++x) {
      const test::Rgb truth = test::room(x, y);
      for (std::size_t c = 0; c < 3; ++c)
        off += std::abs(still.rgb()[3 * static_cast<std::size_t>(y * scene.width + x) + c] - truth[c]);
    }
  }
  EXPECT_LT(off / static_cast<double>(still.rgb().size()), 1.5);
  EXPECT_NEAR(still.noise(), 4.0, 1.5) << "median of the largest of three normal deviations of 3 levels";
  EXPECT_GT(still.threshold(), 14.0);
}

TEST(Background, ExposureAndSoftShadowsAreNoDancer) {
  test::Scene scene;
  scene.ground = test::room;
  scene.walk = 90.0;
  const auto frames = frames_of(scene, 40);
  const Background still(frames);
  std::vector<std::uint8_t> empty = still.rgb(), shaded = empty;
  for (std::uint8_t& v : empty) v = static_cast<std::uint8_t>(0.85 * v);  // the camera closes its iris
  for (std::size_t i = 60 * 320 * 3; i < 90 * 320 * 3; ++i) shaded[i] = static_cast<std::uint8_t>(0.78 * shaded[i]);
  std::vector<float> levels(empty.size() / 3);
  still.difference(empty, levels);
  EXPECT_LT(*std::max_element(levels.begin(), levels.end()), still.threshold());
  still.difference(shaded, levels);
  EXPECT_LT(*std::max_element(levels.begin(), levels.end()), 1.5 * still.threshold());
  std::vector<std::uint8_t> dancer = still.rgb();
  std::fill(dancer.begin() + 60 * 320 * 3, dancer.begin() + 61 * 320 * 3, 15);
  still.difference(dancer, levels);
  EXPECT_GT(levels[60 * 320 + 5], 2.0 * still.threshold());
}

// A picture of letters: # is ink.
std::vector<float> drawn(const std::vector<std::string>& rows) {
  std::vector<float> ink;
  for (const std::string& row : rows) {
    for (const char c : row) ink.push_back(c == '#' ? 1.0f : 0.0f);
  }
  return ink;
}
std::vector<std::string> letters(std::span<const float> ink, int width) {
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < ink.size(); ++i) {
    if (i % static_cast<std::size_t>(width) == 0) rows.emplace_back();
    rows.back() += ink[i] > 0.5f ? '#' : '.';
  }
  return rows;
}

TEST(Blobs, SpecksGoHolesFillTheFigureStays) {
  std::vector<float> ink = drawn({"#.........", "...####...", "...#..#...", "...####...", "...####...", ".........#"});
  clean(ink, 10, 6, {.keep_share = 0.5, .hole_share = 0.5});
  EXPECT_EQ(letters(ink, 10), (std::vector<std::string>{"..........", "...####...", "...####...", "...####...",
                                                        "...####...", ".........."}));
  ink = drawn({"....#.....", "...####...", "...#..#...", "...#..#...", "..........", ".........."});
  const std::vector<float> open = ink;
  clean(ink, 10, 6, {.keep_share = 0.5, .hole_share = 0.5});
  EXPECT_EQ(ink, open) << "between two legs is no hole";
}

TEST(Blobs, ClosingJoinsAndOpeningBreaks) {
  std::vector<std::uint8_t> mask(30 * 9, 0);
  for (std::size_t y = 3; y < 6; ++y) {
    for (std::size_t x = 4; x < 26; ++x) mask[y * 30 + x] = x == 14 ? 0 : 1;
  }
  EXPECT_EQ(find_blobs(mask, 30, 9, 1).area, (std::vector<std::int32_t>{30, 33}));
  EXPECT_EQ(find_blobs(mask, 30, 9, 0).area.size(), 1u);
  grow(mask, 30, 9, 1);
  shrink(mask, 30, 9, 1);
  EXPECT_EQ(find_blobs(mask, 30, 9, 1).area, (std::vector<std::int32_t>{66}));
  shrink(mask, 30, 9, 2);
  EXPECT_TRUE(find_blobs(mask, 30, 9, 1).area.empty()) << "three pixels are thinner than twice two";
}

TEST(Blobs, NothingStaysNothing) {
  std::vector<float> ink(100, 0.2f);
  clean(ink, 10, 10, {.close = 1, .open = 1, .keep_share = 1.0});
  EXPECT_EQ(std::accumulate(ink.begin(), ink.end(), 0.0f), 0.0f);
}

TEST(Scaler, AveragesAreasAndKnowsItsOutside) {
  const std::vector<std::uint8_t> in{0, 100, 200, 100, 100, 100};  // 3 x 2
  std::vector<float> out(1);
  Scaler(3, 2, {0, 0, 3, 2}, 1, 1).scale(in, 1, 0.0f, out);
  EXPECT_NEAR(out[0], 100.0f, 1e-4f);
  Scaler(3, 2, {0.5, 0, 1, 1}, 1, 1).scale(in, 1, 0.0f, out);
  EXPECT_NEAR(out[0], 50.0f, 1e-4f) << "half of two pixels";
  Scaler(3, 2, {-3, 0, 6, 2}, 1, 1).scale(in, 1, 255.0f, out);
  EXPECT_NEAR(out[0], 0.5f * (100.0f + 255.0f), 1e-3f);
  Scaler(3, 2, {2, 0, 10, 1}, 1, 1).scale(in, 1, -1.0f, out);
  EXPECT_NEAR(out[0], 200.0f, 1e-3f) << "the edge is repeated";
  std::vector<float> large(12);
  Scaler(3, 2, {0, 0, 3, 2}, 6, 2).scale(in, 1, -1.0f, large);
  EXPECT_NEAR(large[1], 25.0f, 1e-3f) << "linear between 0 and 100";
  std::vector<float> colours(3);
  Scaler(2, 1, {0, 0, 2, 1}, 1, 1).scale(std::vector<std::uint8_t>{0, 10, 20, 100, 30, 40}, 3, 0.0f, colours);
  EXPECT_EQ(colours, (std::vector<float>{50.0f, 20.0f, 30.0f}));
}

TEST(Letterbox, BarsAreFoundAndDarkRoomsAreNot) {
  const auto film = [](int bar, std::uint8_t black, std::uint8_t light) {
    media::VideoFrame frame{64, 48, 0.0, std::vector<std::uint8_t>(64 * 48 * 3, light)};
    std::fill_n(frame.rgb.begin(), 64 * bar * 3, black);
    std::fill_n(frame.rgb.end() - 64 * bar * 3, 64 * bar * 3, black);
    return std::vector<media::VideoFrame>{frame, frame};
  };
  const Content boxed = find_content(film(6, 16, 200));
  EXPECT_EQ(boxed.top, 6);
  EXPECT_EQ(boxed.bottom, 42);
  EXPECT_EQ(boxed.left, 0);
  EXPECT_EQ(boxed.right, 64);
  EXPECT_EQ(find_content(film(6, 60, 200)).top, 0) << "grey is no bar";
  EXPECT_EQ(find_content(film(6, 10, 40)).top, 0) << "a dark stage is no bar";
}

TEST(ChooseKey, EachGroundGetsItsKey) {
  test::Scene scene;
  scene.noise = 3.0;
  scene.walk = 60.0;
  KeyChoice choice = choice_of(scene);
  EXPECT_EQ(choice.key.kind, KeyKind::kBelow) << choice.reason;
  EXPECT_NEAR(*choice.key.threshold, 135.0, 25.0);
  EXPECT_TRUE(choice.confident);

  test::Scene lit = scene;  // a backlit screen, bright in the middle
  lit.ground = [](double x, double) {
    const double v = 235.0 - 110.0 * std::abs(x - 160.0) / 160.0;
    return test::Rgb{v, v, v};
  };
  EXPECT_EQ(choice_of(lit).key.kind, KeyKind::kBelow) << choice_of(lit).reason;

  test::Scene lamp = scene;  // darker at the edge than the dancer
  lamp.ground = [](double x, double y) {
    const double away = std::hypot(x - 160.0, y - 90.0) / 75.0, v = 6.0 + 220.0 * std::exp(-away * away);
    return test::Rgb{v, 0.7 * v, 0.4 * v};
  };
  lamp.tall = 110.0, lamp.floor = 140.0, lamp.walk = 20.0;
  lamp.figure = [](double, double) { return test::Rgb{14, 12, 10}; };
  choice = choice_of(lamp);
  EXPECT_EQ(choice.key.kind, KeyKind::kRim) << choice.reason;

  test::Scene dark = scene;
  dark.ground = [](double, double) { return test::Rgb{12, 10, 14}; };
  dark.figure = [](double, double) { return test::Rgb{230, 225, 220}; };
  EXPECT_EQ(choice_of(dark).key.kind, KeyKind::kAbove) << choice_of(dark).reason;

  test::Scene green = scene;
  green.ground = [](double x, double) { return test::Rgb{40, 170 + x / 10.0, 60}; };
  green.figure = [](double x, double) { return x < 0 ? test::Rgb{200, 160, 140} : test::Rgb{30, 30, 80}; };
  choice = choice_of(green);
  EXPECT_EQ(choice.key.kind, KeyKind::kGreen) << choice.reason;
  EXPECT_NEAR(*choice.key.threshold, 0.5 * ((186 - 60) - 45), 12.0) << "halfway to the figure's own";

  test::Scene paper = scene;  // a coloured paper ground, a dancer in clothes as bright as it
  paper.ground = [](double, double) { return test::Rgb{200, 120, 90}; };
  paper.figure = [](double x, double y) { return y > 110 ? test::Rgb{60, 60, 160} : test::Rgb{90 + x, 170, 190}; };
  choice = choice_of(paper);
  EXPECT_EQ(choice.key.kind, KeyKind::kDistance) << choice.reason;
  EXPECT_TRUE(choice.key.colour_is_ground);
  EXPECT_NEAR((*choice.key.colour)[0], 200, 4);

  test::Scene home = scene;
  home.ground = test::room;
  choice = choice_of(home);
  EXPECT_EQ(choice.key.kind, KeyKind::kBackground) << choice.reason;
  EXPECT_NE(choice.reason.find("camera stands still"), std::string::npos);
}

TEST(ChooseKey, AMovingCameraIsSaidToBeAGuess) {
  test::Scene scene;
  scene.walk = 60.0;
  std::vector<media::VideoFrame> frames;
  for (int k = 0; k < 24; ++k) {
    test::Scene moved = scene;
    moved.ground = [k](double x, double y) {
      return test::room(std::fmod(x + 23.0 * k, 320.0), std::fmod(y + 11.0 * k, 180.0));
    };
    frames.push_back({scene.width, scene.height, 0.3 * k, moved.picture(7 * k)});
  }
  const KeyChoice choice = choose_key(frames, Background(frames), find_content(frames), {});
  EXPECT_FALSE(choice.confident) << choice.reason;
  EXPECT_TRUE(choice.key.threshold.has_value());
}

TEST(ChooseKey, WhatWasAskedForStays) {
  test::Scene scene;
  KeyChoice choice = choice_of(scene, {.kind = KeyKind::kBelow, .threshold = 33.0});
  EXPECT_EQ(*choice.key.threshold, 33.0);
  choice = choice_of(scene, {.kind = KeyKind::kDistance});
  EXPECT_TRUE(choice.key.colour_is_ground && choice.key.threshold.has_value());
  EXPECT_EQ(*choice.key.colour, (Colour{255, 255, 255}));
}

TEST(Framing, TheUsedBoxWithMarginKeepsTheShape) {
  std::vector<Box> boxes;
  for (int i = 0; i <= 100; ++i) boxes.push_back({100.0 + i, 50.0, 140.0 + i, 150.0});
  boxes.push_back({0.0, 0.0, 640.0, 360.0});  // one frame in a hundred may be nonsense
  const Crop crop = used_crop(boxes, 0.1, 2.0, 640, 360);
  EXPECT_NEAR(crop.width / crop.height, 2.0, 1e-9);
  EXPECT_LE(crop.x, 100.0 - 0.09 * 140.0);
  EXPECT_GE(crop.x + crop.width, 240.0 + 0.09 * 140.0);
  EXPECT_NEAR(crop.y, 40.0, 1e-6);
  EXPECT_NEAR(crop.height, 120.0, 1e-6);
  const Crop wide = used_crop(boxes, 0.1, 10.0, 640, 360);
  EXPECT_NEAR(wide.x, 0.5 * (640.0 - wide.width), 1e-6) << "wider than the video: in its middle";
  const Crop pushed = pushed_inside({-20.0, 300.0, 100.0, 100.0}, 640, 360);
  EXPECT_EQ(pushed.x, 0.0);
  EXPECT_EQ(pushed.y, 260.0);
}

TEST(Framing, TheFigureStandsAsInTheShow) {
  std::vector<Box> boxes;
  for (int i = 0; i < 50; ++i) boxes.push_back({100.0, 100.0 + (i % 5), 150.0, 246.0 - (i % 10 == 0 ? 20.0 : 0.0)});
  const Crop crop = figure_crop(boxes, 1.0);
  EXPECT_NEAR(crop.height, 146.0 / 0.73, 2.0);
  EXPECT_NEAR((crop.y + crop.height - 246.0) / crop.height, 0.05, 0.002) << "feet 5 % above the lower edge";
  EXPECT_NEAR(crop.x + 0.5 * crop.width, 125.0, 1e-9);
}

TEST(Framing, BoxesAreThoseOfTheInk) {
  const auto box = box_of(drawn({".....", ".##..", "..#..", "....."}), 5, 4);
  ASSERT_TRUE(box.has_value());
  EXPECT_EQ(box->left, 1.0);
  EXPECT_EQ(box->right, 3.0);
  EXPECT_EQ(box->top, 1.0);
  EXPECT_EQ(box->bottom, 3.0);
  EXPECT_FALSE(box_of(std::vector<float>(20, 0.4f), 5, 4).has_value());
}

TEST(Follower, GoesAlongSmoothlyAndDelivers) {
  std::vector<double> middles;
  std::size_t delivered = 0;
  Follower follower(25.0, 50.0, 1u << 20, [&](const KeyedFrame& frame, double middle) {
    middles.push_back(middle);
    EXPECT_EQ(frame.ink[0], static_cast<std::uint8_t>(delivered++)) << "in order";
  });
  for (int t = 0; t < 250; ++t) {  // walks 40 pixels a second, wobbling; lost for a second
    KeyedFrame frame{4, 1, {static_cast<std::uint8_t>(t), 0, 0, 0}, {}, {}};
    if (t < 100 || t >= 125) frame.centre = 100.0 + 1.6 * t + (t % 2 == 0 ? 6.0 : -6.0);
    follower.push(frame);
  }
  follower.finish();
  ASSERT_EQ(middles.size(), 250u);
  for (std::size_t t = 120; t < 140; ++t) EXPECT_NEAR(middles[t], 100.0 + 1.6 * static_cast<double>(t), 12.0);
  for (std::size_t t = 1; t < 250; ++t) EXPECT_LT(std::abs(middles[t] - middles[t - 1]), t > 5 && t < 245 ? 3.0 : 13.0);
}

TEST(Follower, MemoryIsBounded) {
  std::size_t pushed = 0, out = 0, most = 0;
  Follower follower(1000.0, 5.0, 10'000, [&](const KeyedFrame&, double) { ++out; });
  for (; pushed < 500; ++pushed) {
    follower.push({10, 100, std::vector<std::uint8_t>(1000), {}, 5.0});
    most = std::max(most, pushed + 1 - out);
  }
  EXPECT_LE(most, 11u);
}

TEST(PulseOfSpeed, IsThatOfTheJointsItCameFrom) {
  std::vector<double> speed;
  for (int t = 0; t < 900; ++t)
    speed.push_back(3.0 * std::abs(std::sin(std::numbers::pi * t / 30.0 * 112.0 / 60.0)) + 0.1);
  const Pulse pulse = find_pulse_of_speed(speed, 30.0, 0.0);
  EXPECT_EQ(pulse.source, "motion");
  EXPECT_NEAR(pulse.bpm, 112.0, 2.0);
  for (const double beat : pulse.beats) {
    const double beats = beat / 30.0 * 112.0 / 60.0;
    EXPECT_NEAR(beats, std::round(beats), 0.15);
  }
  const std::vector<double> heard{15.0, 30.0, 45.0, 60.0, 75.0, 90.0};
  EXPECT_EQ(pulse_of_sound(speed, 30.0, heard, 0.8).source, "soundtrack");
}

TEST(HeldOutEnd, IsATenthUnlessSomeoneSaysOtherwise) {
  PrepareOptions options;
  EXPECT_EQ(held_out_frames(1000, 25.0, options, true), 100);
  EXPECT_EQ(held_out_frames(1000, 25.0, options, false), 0);
  options.hold_out_last = HeldOutEnd{8.0, 0.0};
  EXPECT_EQ(held_out_frames(1000, 25.0, options, false), 200);
  options.hold_out_last = HeldOutEnd{0.0, 0.0};
  EXPECT_EQ(held_out_frames(1000, 25.0, options, true), 0);
  options.hold_out_last.reset();
  EXPECT_EQ(held_out_frames(60, 25.0, options, true), 0) << "too short to be divided";
}

}  // namespace
}  // namespace ombra::train
