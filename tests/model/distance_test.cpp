#include "model/figure/distance.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace ombra::model {
namespace {

struct Grid {
  int width, height;
  std::vector<float> ink, distance;

  Grid(int w, int h) : width(w), height(h), ink(static_cast<std::size_t>(w * h)), distance(ink.size()) {}
  float& at(std::vector<float>& v, int x, int y) { return v[static_cast<std::size_t>(y * width + x)]; }
  void run() { signed_distance(ink, width, height, distance); }
};

// Coverage of a disc, as a camera would see it: soft over one pixel.
Grid disc(int w, int h, double cx, double cy, double r) {
  Grid g(w, h);
  for (int y = 0; y < h; ++y) {
    for (int x = 0; x < w; ++x) {
      g.at(g.ink, x, y) = static_cast<float>(std::clamp(0.5 + r - std::hypot(x - cx, y - cy), 0.0, 1.0));
    }
  }
  g.run();
  return g;
}

TEST(SignedDistance, OfADiscIsRightToAFifthOfAPixel) {
  for (const auto& [cx, cy, r] :
       {std::tuple{31.3, 22.7, 9.4}, std::tuple{20.0, 20.0, 14.5}, std::tuple{40.5, 9.1, 5.0}}) {
    Grid g = disc(64, 45, cx, cy, r);
    double worst = 0.0;
    for (int y = 0; y < 45; ++y) {
      for (int x = 0; x < 64; ++x) {
        const double truth = std::hypot(x - cx, y - cy) - r;
        if (truth < -r + 2.0) continue;  // its middle, where all outline points are alike
        worst = std::max(worst, std::abs(static_cast<double>(g.at(g.distance, x, y)) - truth));
      }
    }
    EXPECT_LT(worst, 0.2) << cx << " " << cy;
  }
}

TEST(SignedDistance, PlacesASoftEdgeBetweenPixels) {
  for (const float edge : {10.0f, 10.25f, 10.5f, 10.9f}) {  // a ramp four pixels wide: a blurred network's answer
    Grid g(30, 4);
    for (int y = 0; y < 4; ++y) {
      for (int x = 0; x < 30; ++x)
        g.at(g.ink, x, y) = std::clamp(0.5f - (static_cast<float>(x) - edge) / 4.0f, 0.0f, 1.0f);
    }
    g.run();
    for (int x = 0; x < 30; ++x) EXPECT_NEAR(g.at(g.distance, x, 2), static_cast<float>(x) - edge, 1e-3f) << x;
  }
}

TEST(SignedDistance, HazeFarFromTheFigureChangesNothing) {
  Grid clean = disc(48, 48, 24.0, 24.0, 8.0), hazy = clean;
  for (float& ink : hazy.ink) ink = std::max(ink, 0.3f);
  hazy.run();
  EXPECT_NEAR(hazy.at(hazy.distance, 2, 24), clean.at(clean.distance, 2, 24), 0.4f);
}

TEST(SignedDistance, WithoutAnOutlineEverythingIsFar) {
  Grid g(8, 5);
  g.run();
  for (const float d : g.distance) EXPECT_GE(d, 8.0f);
  g.ink.assign(g.ink.size(), 1.0f);
  g.run();
  for (const float d : g.distance) EXPECT_LE(d, -8.0f);
}

}  // namespace
}  // namespace ombra::model
