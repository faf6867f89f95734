#include "show/live/picture_size.hpp"

#include <gtest/gtest.h>

namespace ombra::show {
namespace {

void expect(const char* lines, int width, int height, PictureSize wanted) {
  const PictureSize size = picture_size(lines, width, height);
  EXPECT_EQ(size.width, wanted.width) << lines;
  EXPECT_EQ(size.height, wanted.height) << lines;
}

TEST(PictureSizes, KeepTheShapeOfThePicture) {
  expect("720", 1920, 1080, {1280, 720});
  expect("2160", 1920, 1080, {3840, 2160});
  expect("window", 3440, 1440, {3440, 1440});
  expect("720", 1080, 1920, {406, 720});
}

TEST(PictureSizes, AreOfAtMost1080LinesByThemselves) {
  expect("auto", 3840, 2160, {1920, 1080});
  expect("auto", 640, 360, {640, 360});
  expect("no number", 640, 360, {1920, 1080});
}

TEST(PictureSizes, CanBeEncodedWhateverTheWindow) {
  expect("window", 641, 359, {642, 360});
  expect("720", 10000, 10, {8192, 720});
  expect("window", 1, 1, {16, 16});
}

}  // namespace
}  // namespace ombra::show
