// Augmentation, outlines and curves: the parts of training that need no networks.
#include "core/file.hpp"
#include "evaluate/judges/outline.hpp"
#include "model/figure/strokes.hpp"
#include "train/augment.hpp"
#include "train/curves.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;

// ---- other bodies in other poses

using Flat = std::array<float, kPoseFloats>;
constexpr std::array<int, 20> kParent = {-1, 0, 1, 2, 2, 4, 5, 6, 2, 8, 9, 10, 0, 12, 13, 14, 0, 16, 17, 18};

// turned: every bone points the other way
Flat some_pose(std::uint64_t seed, double turned = 0.0) {
  Rng rng(seed);
  Flat p{};
  p[1] = 0.9f;
  for (std::size_t j = 1; j < 20; ++j) {
    const auto up = static_cast<std::size_t>(kParent[j]);
    const double angle = rng.uniform(0.0, 6.28) + turned, length = 0.1 + 0.02 * static_cast<double>(j);
    p[2 * j] = p[2 * up] + static_cast<float>(length * std::cos(angle));
    p[2 * j + 1] = p[2 * up + 1] + static_cast<float>(length * std::sin(angle));
  }
  return p;
}

double bone(const Flat& p, std::size_t j) {
  const auto up = static_cast<std::size_t>(kParent[j]);
  return std::hypot(p[2 * j] - p[2 * up], p[2 * j + 1] - p[2 * up + 1]);
}

TEST(Augment, TheSameSeedGivesTheSameBody) {
  const Flat a = some_pose(1), b = some_pose(2);
  Flat x{}, y{}, z{};
  Rng one(5), same(5), other(6);
  vary_pose(a, b, one, x);
  vary_pose(a, b, same, y);
  vary_pose(a, b, other, z);
  EXPECT_EQ(x, y);
  EXPECT_NE(x, z);
  EXPECT_NE(x, a);
}

TEST(Augment, BonesStayBonesOfAPlausibleLength) {
  const Flat a = some_pose(1), b = some_pose(2);
  Rng rng(7);
  for (int i = 0; i < 500; ++i) {
    Flat x{};
    vary_pose(a, b, rng, x);
    for (std::size_t j = 1; j < 20; ++j) {  // both poses have the same bones, so a bone may be any limb's
      const double share = bone(x, j) / bone(a, j);
      ASSERT_GT(share, 0.45) << "bone to joint " << j;
      ASSERT_LT(share, 1.7) << "bone to joint " << j;
    }
    EXPECT_NEAR(x[0], a[0], 0.15) << "the hip stays near its place";
    EXPECT_NEAR(x[1], a[1], 0.3);
  }
}

TEST(Augment, LegsComeFromOnePoseAndArmsFromEither) {
  const Flat a = some_pose(1), b = some_pose(1, std::numbers::pi);
  const auto angle = [](const Flat& p, std::size_t j) {
    const auto up = static_cast<std::size_t>(kParent[j]);
    return std::atan2(p[2 * j + 1] - p[2 * up + 1], p[2 * j] - p[2 * up]);
  };
  const auto apart = [](double x, double y) { return std::abs(std::remainder(x - y, 2.0 * std::numbers::pi)); };
  Rng rng(8);
  int arms_exchanged = 0, legs_exchanged = 0, legs_apart = 0, heads_exchanged = 0;
  for (int i = 0; i < 400; ++i) {
    Flat x{};
    vary_pose(a, b, rng, x);
    const auto of_other = [&](std::size_t j) {
      return apart(angle(x, j), angle(b, j)) < apart(angle(x, j), angle(a, j));
    };
    arms_exchanged += of_other(5) ? 1 : 0;
    legs_exchanged += of_other(13) ? 1 : 0;
    legs_apart += of_other(13) != of_other(17) ? 1 : 0;
    heads_exchanged += of_other(3) ? 1 : 0;
  }
  EXPECT_EQ(legs_apart, 0) << "both legs stand in one pose";
  EXPECT_EQ(heads_exchanged, 0) << "the head stays";
  EXPECT_NEAR(arms_exchanged / 400.0, 0.3, 0.1);
  EXPECT_NEAR(legs_exchanged / 400.0, 0.3, 0.1);
}

// ---- outlines

std::vector<float> disc(int size, double x, double y, double radius) {
  std::vector<float> field(static_cast<std::size_t>(size * size));
  const std::vector<model::Stroke> stroke = {{static_cast<float>(x), static_cast<float>(y), static_cast<float>(radius),
                                              static_cast<float>(x), static_cast<float>(y),
                                              static_cast<float>(radius)}};
  model::draw_strokes(stroke, size, field);
  return field;
}

TEST(Outline, OfAMovedCircleIsOffByTheMeanOfItsProjection) {
  constexpr int kSize = 400;
  const std::vector<float> truth = disc(kSize, 0.0, 0.5, 0.2);
  EXPECT_NEAR(outline_error_px(truth, truth, kSize), 0.25, 0.05)
      << "half a pixel either way is read, a quarter in the mean";
  for (const double pixels : {2.0, 8.0}) {  // |shift cos(angle)| over all angles: 2 / pi of the shift
    const double error = outline_error_px(disc(kSize, pixels / kSize, 0.5, 0.2), truth, kSize);
    EXPECT_NEAR(error, pixels * 2.0 / std::numbers::pi, 0.12 + 0.25 / pixels);
  }
}

TEST(Outline, OfALargerCircleIsOffByTheDifference) {
  constexpr int kSize = 400;
  EXPECT_NEAR(outline_error_px(disc(kSize, 0.0, 0.5, 0.2 + 5.0 / kSize), disc(kSize, 0.0, 0.5, 0.2), kSize), 5.0, 0.05);
}

TEST(Outline, APictureWithoutOutlineIsAsWrongAsCanBe) {
  const std::vector<float> empty(64 * 64, 0.08f);
  EXPECT_EQ(outline_error_px(empty, disc(64, 0.0, 0.5, 0.2), 64), 64.0);
  EXPECT_EQ(outline_error_px(disc(64, 0.0, 0.5, 0.2), empty, 64), 64.0);
}

TEST(Outline, PiecesAreCountedAndSpecksAreNot) {
  constexpr int kSize = 64;
  std::vector<float> field(kSize * kSize, 0.08f);
  EXPECT_EQ(pieces(field, kSize, 4), 0);
  const auto box = [&](int x0, int y0, int w, int h) {
    for (int y = y0; y < y0 + h; ++y) {
      for (int x = x0; x < x0 + w; ++x) field[static_cast<std::size_t>(y * kSize + x)] = -0.01f;
    }
  };
  box(5, 5, 10, 10);
  EXPECT_EQ(pieces(field, kSize, 4), 1);
  box(30, 30, 10, 10);
  EXPECT_EQ(pieces(field, kSize, 4), 2);
  box(60, 60, 1, 3);
  EXPECT_EQ(pieces(field, kSize, 4), 2) << "a speck of three pixels";
  EXPECT_EQ(pieces(field, kSize, 3), 3);
  box(15, 15, 1, 1);
  EXPECT_EQ(pieces(field, kSize, 1), 4) << "touching at a corner is not being joined";
  box(14, 14, 17, 17);
  EXPECT_EQ(pieces(field, kSize, 4), 1);
  box(63, 10, 1, 5);
  box(0, 11, 1, 5);
  EXPECT_EQ(pieces(field, kSize, 4), 3) << "the end of one row is not beside the start of the next";
}

// ---- curves

TEST(Curves, ComeBackFromTheirText) {
  Curves curves;
  curves.add(10, "loss", 0.5);
  curves.add(20, "loss", 0.25);
  curves.add(20, "IoU, held out", 0.9);
  const std::string csv = curves.csv();
  EXPECT_NE(csv.find("10,loss,0.5\n"), std::string::npos);
  EXPECT_NE(csv.find("20,\"IoU, held out\",0.9\n"), std::string::npos);
  EXPECT_EQ(Curves::parse("1,broken\nx,y,z\n" + csv + "7,loss,none\n").csv(), csv)
      << "lines that nobody understands are left out";
}

TEST(Curves, AreDrawnEvenWhenThereIsLittleToDraw) {
  const fs::path folder = fs::path(testing::TempDir()) / "ombra_curves";
  fs::create_directories(folder);
  Curves().write(folder, "empty");
  EXPECT_FALSE(fs::exists(folder / "empty.png"));
  Curves curves;
  curves.add(1, "loss", NAN);
  curves.add(2, "flat", 3.0);
  curves.add(3, "flat", 3.0);
  curves.write(folder, "odd");
  EXPECT_GT(fs::file_size(folder / "odd.png"), 500u);
  EXPECT_NE(read_text(folder / "odd.csv").find("2,flat,3"), std::string::npos);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace ombra::train
