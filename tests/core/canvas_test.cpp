#include "drawing/canvas.hpp"

#include "core/file.hpp"

#include <gtest/gtest.h>

namespace ombra {
namespace {

namespace fs = std::filesystem;

// The bytes of the picture as it would be written: two pictures are equal when these are.
std::string written(const Canvas& canvas) {
  const fs::path path = fs::path(testing::TempDir()) / "ombra_canvas.png";
  canvas.write(path);
  const std::string bytes = read_text(path);
  fs::remove(path);
  return bytes;
}

TEST(Canvas, WhatLiesOutsideIsClipped) {
  const Canvas empty(20, 10, {255, 255, 255});
  Canvas canvas = empty;
  canvas.pixel(-1, 0, {0, 0, 0});
  canvas.pixel(20, 9, {0, 0, 0});
  canvas.box(-10, -10, 5, 5, {0, 0, 0});
  canvas.box(20, 0, 1000000, 1000000, {0, 0, 0});
  canvas.line(-50.0, -50.0, -5.0, -1e9, {0, 0, 0});
  canvas.text(5, 500, "below", {0, 0, 0});
  EXPECT_EQ(written(canvas), written(empty));
}

TEST(Canvas, BoxesLinesAndTextLeaveTheirMark) {
  const Canvas empty(64, 32, {255, 255, 255});
  Canvas box = empty, pixels = empty, line = empty, text = empty, image = empty;
  box.box(62, 30, 5, 5, {9, 9, 9});
  for (const int x : {62, 63}) {
    for (const int y : {30, 31}) pixels.pixel(x, y, {9, 9, 9});
  }
  EXPECT_EQ(written(box), written(pixels));
  line.line(2.0, 2.0, 60.0, 30.0, {0, 0, 0});
  EXPECT_NE(written(line), written(empty));
  EXPECT_GT(Canvas::text_width("step 12"), Canvas::text_width("step"));
  EXPECT_EQ(Canvas::text_width("step", 3), 3 * Canvas::text_width("step"));
  text.text(2, 2, "step 12", {0, 0, 0});
  EXPECT_NE(written(text), written(empty));
  image.image(0, 0, 2, 2, {0.0f, 1.0f, 1.0f, 2.0f});
  Canvas corner = empty;
  corner.pixel(0, 0, {0, 0, 0});
  EXPECT_EQ(written(image), written(corner)) << "0 is black, 1 and above white";
}

TEST(Canvas, HalfCoverIsHalfTheColour) {
  Canvas half(1, 1, {255, 255, 255}), grey(1, 1, {128, 128, 128});
  half.pixel(0, 0, {1, 1, 1}, 0.5);
  EXPECT_EQ(written(half), written(grey));
}

}  // namespace
}  // namespace ombra
