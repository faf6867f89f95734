#include "model/figure/strokes.hpp"

#include "core/rng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace ombra::model {
namespace {

// The definition in strokes.hpp, in double precision and without any culling.
double reference_distance(const std::vector<Stroke>& strokes, double x, double y) {
  double sum = 0.0;
  for (const Stroke& s : strokes) {
    const double ex = double{s.bx} - s.ax, ey = double{s.by} - s.ay, qx = x - s.ax, qy = y - s.ay;
    const double t = std::clamp((qx * ex + qy * ey) / std::max(ex * ex + ey * ey, 1e-12), 0.0, 1.0);
    sum += std::exp(-(std::hypot(qx - t * ex, qy - t * ey) - (s.ra + t * (double{s.rb} - s.ra))) / kBlend);
  }
  return std::clamp(-kBlend * std::log(sum), double{-kMaxDistance}, double{kMaxDistance});
}

double reference_loss(const std::vector<Stroke>& strokes, int size, const std::vector<float>& weight) {
  double loss = 0.0;
  for (int row = 0; row < size; ++row) {
    for (int column = 0; column < size; ++column) {
      const double x = (column + 0.5) / size - 0.5, y = 1.0 - (row + 0.5) / size;
      loss += weight[static_cast<std::size_t>(row * size + column)] * reference_distance(strokes, x, y);
    }
  }
  return loss;
}

std::vector<Stroke> random_figure(int count, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<Stroke> strokes;
  for (int i = 0; i < count; ++i) {
    const double x = rng.uniform(-0.25, 0.25), y = rng.uniform(0.1, 0.8), angle = rng.uniform(0.0, 6.28);
    const double length = rng.uniform(0.0, 0.2);
    strokes.push_back({static_cast<float>(x), static_cast<float>(y), static_cast<float>(rng.uniform(0.005, 0.05)),
                       static_cast<float>(x + length * std::cos(angle)),
                       static_cast<float>(y + length * std::sin(angle)), static_cast<float>(rng.uniform(0.005, 0.05))});
  }
  return strokes;
}

TEST(Strokes, FollowTheirDefinition) {
  for (const int size : {32, 96, 101}) {
    const std::vector<Stroke> strokes = random_figure(24, 5);
    std::vector<float> field(static_cast<std::size_t>(size * size));
    draw_strokes(strokes, size, field);
    for (int i = 0; i < size * size; ++i) {
      const double x = (i % size + 0.5) / size - 0.5, y = 1.0 - (i / size + 0.5) / size;
      ASSERT_NEAR(field[static_cast<std::size_t>(i)], reference_distance(strokes, x, y), 5e-6)
          << "sample " << i << " of " << size;
    }
  }
}

TEST(Strokes, ADiscHasTheDistanceOfADisc) {
  const int size = 64;
  const std::vector<Stroke> disc = {{0.1f, 0.7f, 0.05f, 0.1f, 0.7f, 0.05f}};
  std::vector<float> field(size * size);
  draw_strokes(disc, size, field);
  const int row = 12, column = 38;  // above the middle of the picture and right of it
  const double x = (column + 0.5) / size - 0.5, y = 1.0 - (row + 0.5) / size;
  EXPECT_NEAR(field[row * size + column], std::hypot(x - 0.1, y - 0.7) - 0.05, 1e-5);
  EXPECT_FLOAT_EQ(field[(size - 1) * size], kMaxDistance) << "the lower left corner is far away";
}

TEST(Strokes, InsideIsClampedToo) {
  const int size = 16;
  std::vector<float> field(size * size);
  draw_strokes(std::vector<Stroke>{{0, 0.5f, 0.4f, 0, 0.5f, 0.4f}}, size, field);
  EXPECT_FLOAT_EQ(field[8 * size + 8], -kMaxDistance);
}

TEST(Strokes, ABrokenStrokeIsLeftOut) {
  const int size = 48;
  const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  std::vector<Stroke> strokes = random_figure(4, 9);
  std::vector<float> whole(size * size), broken(size * size);
  draw_strokes(strokes, size, whole);
  strokes.push_back({nan, 0.5f, 0.1f, 0, 0.5f, 0.1f});
  strokes.push_back({0, 0.5f, 0.1f, inf, 0.5f, 0.1f});
  strokes.push_back({0, 0.5f, 0.1f, 0, 1e30f, 0.1f});
  draw_strokes(strokes, size, broken);
  EXPECT_EQ(whole, broken);
  std::vector<Stroke> gradient(strokes.size(), Stroke{});
  draw_strokes_backward(strokes, size, std::vector<float>(size * size, 1.0f), gradient);
  for (const Stroke& g : gradient) EXPECT_TRUE(std::isfinite(g.ax + g.ay + g.ra + g.bx + g.by + g.rb));
}

TEST(Strokes, NoStrokesGiveAnEmptyPicture) {
  std::vector<float> field(64, 0.0f);
  draw_strokes({}, 8, field);
  for (const float d : field) EXPECT_FLOAT_EQ(d, kMaxDistance);
}

TEST(Strokes, GradientEqualsFiniteDifferences) {
  const int size = 40;
  Rng rng(3);
  std::vector<float> weight(size * size);
  for (float& w : weight) w = static_cast<float>(rng.normal());
  std::vector<Stroke> strokes = random_figure(7, 11);
  std::vector<Stroke> gradient(strokes.size(), Stroke{});
  draw_strokes_backward(strokes, size, weight, gradient);
  for (std::size_t i = 0; i < strokes.size(); ++i) {
    float* const values = &strokes[i].ax;
    const float* const slopes = &gradient[i].ax;
    for (int k = 0; k < kStrokeNumbers; ++k) {
      const float kept = values[k], step = 2e-5f;
      values[k] = kept + step;
      const double up = values[k], above = reference_loss(strokes, size, weight);
      values[k] = kept - step;
      const double down = values[k], below = reference_loss(strokes, size, weight);
      values[k] = kept;
      const double expected = (above - below) / (up - down);
      EXPECT_NEAR(slopes[k], expected, 2e-3 * std::abs(expected) + 0.02) << "stroke " << i << " number " << k;
    }
  }
}

TEST(Strokes, GradientIsAddedToWhatIsThere) {
  const int size = 24;
  const std::vector<Stroke> strokes = random_figure(3, 2);
  const std::vector<float> weight(size * size, 0.5f);
  std::vector<Stroke> once(3, Stroke{}), twice(3, Stroke{});
  draw_strokes_backward(strokes, size, weight, once);
  for (int i = 0; i < 2; ++i) draw_strokes_backward(strokes, size, weight, twice);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(twice[i].ra, 2.0f * once[i].ra, 1e-3f);
  EXPECT_LT(once[0].ra + once[0].rb, 0.0f) << "a thicker stroke makes distances smaller";
}

}  // namespace
}  // namespace ombra::model
