#include "media/write/rgb_to_yuv.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace ombra::media {
namespace {

struct Yuv {
  std::vector<std::uint8_t> y, u, v;
};

Yuv convert(const std::vector<std::uint8_t>& rgba, int width, int height) {
  const auto area = static_cast<std::size_t>(width * height);
  Yuv out{std::vector<std::uint8_t>(area), std::vector<std::uint8_t>(area / 4), std::vector<std::uint8_t>(area / 4)};
  rgb_to_yuv420(rgba.data(), width, height, {out.y.data(), width}, {out.u.data(), width / 2},
                {out.v.data(), width / 2});
  return out;
}

// ITU-R BT.709, in floating point.
void expect_colour(double r, double g, double b, int y, int u, int v, double off) {
  const double luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  EXPECT_NEAR(y, 16.0 + luma * 219.0 / 255.0, off);
  EXPECT_NEAR(u, 128.0 + (b - luma) / 1.8556 * 224.0 / 255.0, off);
  EXPECT_NEAR(v, 128.0 + (r - luma) / 1.5748 * 224.0 / 255.0, off);
}

TEST(RgbToYuv, KnownColours) {
  for (const int width : {2, 6, 16, 32, 38}) {  // the end of a row is done one by one
    for (const auto& [r, g, b] : {std::tuple{0, 0, 0},
                                  {255, 255, 255},
                                  {255, 0, 0},
                                  {0, 255, 0},
                                  {0, 0, 255},
                                  {255, 255, 0},
                                  {0, 255, 255},
                                  {255, 0, 255},
                                  {128, 128, 128},
                                  {10, 200, 77}}) {
      std::vector<std::uint8_t> rgba;
      for (int i = 0; i < 2 * width; ++i) {
        rgba.insert(rgba.end(), {static_cast<std::uint8_t>(r), static_cast<std::uint8_t>(g),
                                 static_cast<std::uint8_t>(b), static_cast<std::uint8_t>(i * 91)});
      }
      const Yuv out = convert(rgba, width, 2);
      for (int i = 0; i < 2 * width; ++i) {
        const int k = i % width / 2;
        expect_colour(r, g, b, out.y[static_cast<std::size_t>(i)], out.u[static_cast<std::size_t>(k)],
                      out.v[static_cast<std::size_t>(k)], 0.51);
      }
    }
  }
}

TEST(RgbToYuv, EveryPixelIsInItsPlace) {
  constexpr int kWidth = 54, kHeight = 10;
  std::vector<std::uint8_t> rgba;
  unsigned state = 7;
  for (int i = 0; i < kWidth * kHeight * 4; ++i) {
    rgba.push_back(static_cast<std::uint8_t>((state = state * 1664525u + 1013904223u) >> 24));
  }
  const Yuv out = convert(rgba, kWidth, kHeight);
  const auto pixel = [&rgba](int x, int y, int c) { return rgba[static_cast<std::size_t>((y * kWidth + x) * 4 + c)]; };
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const double luma = 0.2126 * pixel(x, y, 0) + 0.7152 * pixel(x, y, 1) + 0.0722 * pixel(x, y, 2);
      ASSERT_NEAR(out.y[static_cast<std::size_t>(y * kWidth + x)], 16.0 + luma * 219.0 / 255.0, 0.51) << x << ' ' << y;
    }
  }
  for (int y = 0; y < kHeight / 2; ++y) {
    for (int x = 0; x < kWidth / 2; ++x) {
      double mean[3];
      for (int c = 0; c < 3; ++c) {
        mean[c] = (pixel(2 * x, 2 * y, c) + pixel(2 * x + 1, 2 * y, c) + pixel(2 * x, 2 * y + 1, c) +
                   pixel(2 * x + 1, 2 * y + 1, c)) /
                  4.0;
      }
      const double luma = 0.2126 * mean[0] + 0.7152 * mean[1] + 0.0722 * mean[2];
      const auto at = static_cast<std::size_t>(y * kWidth / 2 + x);
      ASSERT_NEAR(out.u[at], 128.0 + (mean[2] - luma) / 1.8556 * 224.0 / 255.0, 1.3) << x << ' ' << y;
      ASSERT_NEAR(out.v[at], 128.0 + (mean[0] - luma) / 1.5748 * 224.0 / 255.0, 1.3) << x << ' ' << y;
    }
  }
}

}  // namespace
}  // namespace ombra::media
