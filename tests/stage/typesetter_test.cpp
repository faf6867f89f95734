// Titles as pictures: the size that is asked for, the scripts of the world, and what strangers write.

#include "stage/title/typesetter.hpp"

#include "stage/overlay_pictures.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace ombra::stage {
namespace {

// DejaVu is a package that Ombra needs.
OverlayPicture set(const std::string& text, int size_px = 100, const std::string& font = "DejaVu Sans",
                   int most_px = 4096) {
  static Typesetter typesetter;
  return typesetter.set({.text = text, .font = font, .size_px = size_px, .most_px = most_px});
}

double line_width(const std::string& text) { return set(text).width; }

TEST(Typesetter, LettersHaveTheSizeThatIsAskedFor) {
  for (const int size : {24, 100, 300}) {
    const OverlayPicture picture = set("H", size);
    EXPECT_EQ(picture.size_px, size);
    // a capital of DejaVu Sans is 1493 of 2048 units high
    EXPECT_NEAR(covered(picture).height(), 0.729 * size, 1.5) << size;
    EXPECT_NEAR(picture.height, 1.164 * size, 1.5) << "from ascent to descent";
  }
}

TEST(Typesetter, ALineStandsWhereItsPictureSays) {
  const OverlayPicture picture = set("Hh");
  const Covered c = covered(picture);
  EXPECT_GE(c.left, picture.left);
  EXPECT_LE(c.right, picture.left + picture.width + 1.0);
  EXPECT_GE(c.top, picture.top);
  EXPECT_LE(c.bottom, picture.top + picture.height);
}

TEST(Typesetter, UmlautsAndCyrillicHaveLettersOfTheirOwn) {
  EXPECT_LT(covered(set("Ä")).top, covered(set("A")).top - 5) << "two dots above";
  EXPECT_NE(line_width("Ж"), line_width("A"));
  const long letters = covered(set("Привет")).pixels, box = covered(set("\U0010fffd")).pixels;
  EXPECT_GT(letters, 3 * box / 2) << "no boxes for letters that are missing";
}

TEST(Typesetter, ArabicLettersJoin) {
  // beh three times: in a word each has another shape than alone (zero width non-joiners keep them apart)
  EXPECT_LT(line_width("ببب"), 0.8 * line_width("ب‌ب‌ب"));
}

TEST(Typesetter, ArabicIsWrittenFromTheRight) {
  // the tall alef comes first, so it stands at the right end
  const OverlayPicture picture = set("ابب", 200);
  const OverlayPicture::Level& level = picture.levels.front();
  int highest_x = -1;
  for (int y = 0; y < level.height && highest_x < 0; ++y) {
    for (int x = 0; x < level.width; ++x) {
      if (level.rgba[4 * (static_cast<std::size_t>(y) * level.width + x) + 3] >= 128) highest_x = x;
    }
  }
  EXPECT_GT(highest_x, level.width / 2);
}

TEST(Typesetter, AStyleIsPartOfTheFont) {
  EXPECT_GT(covered(set("H", 100, "DejaVu Sans Bold")).pixels, covered(set("H")).pixels * 5 / 4);
}

TEST(Typesetter, AFontThatIsNotThereIsSaidAndReplaced) {
  const OverlayPicture picture = set("H", 100, "No Such Font At All");
  EXPECT_NE(picture.remark.find("No Such Font At All"), std::string::npos) << picture.remark;
  EXPECT_GT(covered(picture).pixels, 100);
  EXPECT_EQ(set("H").remark, "");
  EXPECT_EQ(set("H", 100, "").remark, "") << "the default";
}

TEST(Typesetter, ALineThatIsTooWideIsMadeSmaller) {
  const OverlayPicture picture = set("A title that is longer than this", 100, "DejaVu Sans", 640);
  EXPECT_LE(picture.width, 641.0);
  EXPECT_GT(picture.width, 600.0);
  EXPECT_LT(picture.size_px, 100.0);
}

TEST(Typesetter, AnEmptyTitleHasNoPicture) {
  for (const char* text : {"", "   ", "\n", "\xff\xfe"}) EXPECT_TRUE(set(text).levels.empty());
}

TEST(Typesetter, WhatStrangersWriteHasItsBounds) {
  std::string many, marks = "a", stars;
  for (int i = 0; i < 100000; ++i) many += "W", marks += "\xcc\x81", stars += "🎉";
  for (const std::string& text :
       {many, marks, stars, std::string("\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9"), std::string("a\xff\x80\xc0z"),
        std::string("\xe2\x80\xae"
                    "abc")}) {
    for (const int size : {-5, 2000000000}) {
      const OverlayPicture picture = set(text, size, "DejaVu Sans", 1 << 30);
      for (const OverlayPicture::Level& level : picture.levels) {
        EXPECT_LE(level.width, kMaxOverlaySide);
        EXPECT_LE(level.height, kMaxOverlaySide);
        EXPECT_LE(1.0 * level.width * level.height, 9e6);
      }
    }
  }
  EXPECT_GT(covered(set("H", 50, std::string(100000, 'x'))).pixels, 10);
  EXPECT_GT(covered(set("H", 50, "\xff,,,@@@ 12")).pixels, 10);
}

TEST(Typesetter, ColoursAreLinearLightTimesAlpha) {
  Typesetter typesetter;
  const OverlayPicture picture =
      typesetter.set({.text = "█", .font = "DejaVu Sans", .rgb = {1.0f, 0.5f, 0.0f}, .size_px = 100});
  const OverlayPicture::Level& level = picture.levels.front();
  const std::uint8_t* middle =
      &level.rgba[4 * (static_cast<std::size_t>(level.height / 2) * level.width + level.width / 2)];
  EXPECT_EQ(middle[0], 255);
  EXPECT_NEAR(middle[1], 128, 1);
  EXPECT_EQ(middle[2], 0);
  EXPECT_EQ(middle[3], 255);
  // the mean of the block and the nothing around it, as light adds up: not as bytes do
  const OverlayPicture::Level& last = picture.levels.back();
  ASSERT_EQ(last.width * last.height, 1);
  const double share = last.rgba[3] / 255.0;
  EXPECT_GT(share, 0.2);
  EXPECT_NEAR(last.rgba[0], 255.0 * (1.055 * std::pow(share, 1.0 / 2.4) - 0.055), 6.0);
}

}  // namespace
}  // namespace ombra::stage
