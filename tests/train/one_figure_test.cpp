// One dancer out of several, and how alike two poses are.

#include "footage/video/one_figure.hpp"

#include "core/error.hpp"

#include <gtest/gtest.h>

namespace ombra::train {
namespace {

constexpr int kWidth = 120, kHeight = 60;

struct Bar {
  int left, top, right, bottom;
};

std::vector<std::uint8_t> ink_of(const std::vector<Bar>& bars) {
  std::vector<std::uint8_t> ink(kWidth * kHeight, 0);
  for (const Bar& bar : bars) {
    for (int y = bar.top; y < bar.bottom; ++y) {
      for (int x = bar.left; x < bar.right; ++x) ink[static_cast<std::size_t>(y * kWidth + x)] = 255;
    }
  }
  return ink;
}

Silhouette shape_of(const std::vector<Bar>& bars) {
  const Figures figures(ink_of(bars), kWidth, kHeight);
  EXPECT_EQ(figures.all().size(), 1u);
  return figures.silhouette(figures.all().front());
}

TEST(OneFigure, IsTheOneThatIsMeant) {
  // a small one, a large one with a hand apart, one of middle size, and a speck
  const Figures figures(
      ink_of({{5, 20, 13, 50}, {40, 5, 54, 55}, {56, 20, 58, 24}, {90, 10, 100, 50}, {115, 2, 117, 4}}), kWidth,
      kHeight);
  ASSERT_EQ(figures.all().size(), 3u);
  const auto middle = [&](const std::string& choice) {
    const Figure* figure = figures.chosen(parse_figure(choice));
    return figure ? figure->box.centre() : -1.0;
  };
  EXPECT_EQ(middle("left"), 9.0);
  EXPECT_EQ(middle("right"), 95.0);
  EXPECT_EQ(middle("3"), 95.0);
  EXPECT_EQ(middle("largest"), 49.0) << "its hand belongs to it";
  EXPECT_EQ(middle("4"), -1.0);
  for (const char* wrong : {"", "0", "-1", "two", "1.5", "2x"}) EXPECT_THROW(parse_figure(wrong), UsageError) << wrong;
  EXPECT_EQ(Figures(ink_of({}), kWidth, kHeight).chosen({}), nullptr);
}

TEST(OneFigure, IsTheSameInThePicturesBefore) {
  const Silhouette seen = shape_of({{40, 10, 50, 50}});
  const Figures before(ink_of({{10, 10, 20, 50}, {44, 10, 54, 50}, {70, 5, 90, 55}}), kWidth, kHeight);
  ASSERT_NE(before.same_as(seen), nullptr);
  EXPECT_EQ(before.same_as(seen)->box.left, 44.0);
  EXPECT_EQ(Figures(ink_of({{70, 5, 90, 55}}), kWidth, kHeight).same_as(seen), nullptr);
}

TEST(PoseOverlap, KnowsAPoseWhereverItIsAndHoweverLarge) {
  const Silhouette small = shape_of({{10, 20, 14, 40}, {14, 20, 22, 24}}),
                   large = shape_of({{60, 5, 68, 45}, {68, 5, 84, 13}}),
                   mirrored = shape_of({{18, 20, 22, 40}, {10, 20, 18, 24}}),
                   turned = shape_of({{10, 20, 14, 40}, {14, 36, 22, 40}});
  EXPECT_DOUBLE_EQ(pose_overlap(small, small), 1.0);
  EXPECT_GT(pose_overlap(small, large), 0.97);
  EXPECT_LT(pose_overlap(small, mirrored), 0.6);
  EXPECT_LT(pose_overlap(small, turned), 0.6);
  EXPECT_EQ(pose_overlap(small, Silhouette{4, 4, std::vector<std::uint8_t>(16, 0)}), 0.0);
}

}  // namespace
}  // namespace ombra::train
