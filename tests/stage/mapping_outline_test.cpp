// A silhouette keeps its edge: outlines of the stage's picture before and after a mapping, in parts of a pixel.
#include "gfx/gl_context.hpp"
#include "stage/mapping/mapping_mesh.hpp"
#include "stage/mapping/mapping_pass.hpp"
#include "stage/stage.hpp"
#include "stage/test_figure.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <optional>
#include <vector>

namespace ombra::stage {
namespace {

constexpr int kWidth = 1920, kHeight = 1080;
constexpr double kReach = 5.0, kStep = 0.05;  // of a profile across an edge, pixels

// Luminance by pixels, their middles at halves, y down; between them linear.
using Light = std::function<double(int x, int y)>;

double between(const Light& light, glm::dvec2 at) {
  at -= 0.5;
  const int x = static_cast<int>(std::floor(at.x)), y = static_cast<int>(std::floor(at.y));
  const double fx = at.x - x, fy = at.y - y;
  return std::lerp(std::lerp(light(x, y), light(x + 1, y), fx), std::lerp(light(x, y + 1), light(x + 1, y + 1), fx),
                   fy);
}

struct Edge {
  double offset;  // along the normal, of a step with as much light, pixels
  double width;   // from 10 to 90 %, pixels
};

// The edge that crosses the normal at `at`; nothing where it is not alone, or not level on both sides.
std::optional<Edge> edge_at(const Light& light, glm::dvec2 at, glm::dvec2 normal) {
  const auto value = [&](double s) { return between(light, at + s * normal); };
  const double dark = value(-kReach), bright = value(kReach), range = bright - dark;
  if (range < 60.0) return std::nullopt;
  for (const double s : {-4.5, -4.0}) {
    if (std::abs(value(s) - dark) > 0.03 * range || std::abs(value(-s) - bright) > 0.03 * range) return std::nullopt;
  }
  const auto crossing = [&](double share) -> std::optional<double> {
    const double level = dark + share * range;
    for (double s = -4.0; s < 4.0; s += kStep) {
      const double a = value(s), b = value(s + kStep);
      if (a <= level && b > level) return s + kStep * (level - a) / (b - a);
    }
    return std::nullopt;
  };
  const auto low = crossing(0.1), high = crossing(0.9);
  if (!low || !high) return std::nullopt;
  double missing = 0.0;  // light, as pixels that are dark
  for (double s = -kReach + 0.5 * kStep; s < kReach; s += kStep) missing += kStep * (bright - value(s)) / range;
  return Edge{missing - kReach, *high - *low};
}

Light light_of(const gfx::Image& image) {
  return [&image](int x, int y) {
    x = std::clamp(x, 0, image.width - 1), y = std::clamp(y, 0, image.height - 1);
    const std::size_t i =
        3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(x));
    return 0.2126 * image.pixels[i] + 0.7152 * image.pixels[i + 1] + 0.0722 * image.pixels[i + 2];
  };
}

struct OutlinePoint {
  glm::dvec2 at, normal;  // on the edge, from dark to bright
  double width;
};

// Points of the outlines in a picture, a few pixels from one to the next.
std::vector<OutlinePoint> outline_of(const Light& light) {
  std::vector<OutlinePoint> out;
  for (int y = 20; y < kHeight - 20; y += 3) {
    for (int x = 20; x < kWidth - 20; x += 1) {
      const glm::dvec2 slope(light(x + 1, y) - light(x - 1, y), light(x, y + 1) - light(x, y - 1));
      if (glm::length(slope) < 40.0) continue;
      const glm::dvec2 at(x + 0.5, y + 0.5), normal = glm::normalize(slope);
      const auto edge = edge_at(light, at, normal);
      if (edge && std::abs(edge->offset) < 0.7)
        out.push_back({at + edge->offset * normal, normal, edge->width}), x += 3;
    }
  }
  return out;
}

// The picture mapped by the processor: each pixel the mean of 8 x 8 places, each from Keys' bicubic of 4 x 4 pixels.
double reference(const Light& picture, const Homography& back, int x, int y) {
  constexpr int kSub = 8;
  const auto weight = [](double t) {
    t = std::abs(t);
    return t < 1.0 ? 1.0 + t * t * (1.5 * t - 2.5) : t < 2.0 ? 2.0 + t * (-4.0 + t * (2.5 - 0.5 * t)) : 0.0;
  };
  double sum = 0.0;
  for (int i = 0; i < kSub * kSub; ++i) {
    const glm::dvec2 place((x + (i % kSub + 0.5) / kSub) / kWidth, (y + (i / kSub + 0.5) / kSub) / kHeight);
    const glm::dvec2 at = stage::apply(back, place) * glm::dvec2(kWidth, kHeight) - 0.5;
    const int px = static_cast<int>(std::floor(at.x)), py = static_cast<int>(std::floor(at.y));
    for (int v = -1; v < 3; ++v) {
      for (int u = -1; u < 3; ++u) sum += picture(px + u, py + v) * weight(at.x - px - u) * weight(at.y - py - v);
    }
  }
  return sum / (kSub * kSub);
}

class MappingOutlineTest : public gfx::GlTest {
 protected:
  void SetUp() override {
    GlTest::SetUp();
    if (IsSkipped()) return;
    Stage stage("");
    stage.set_look("paper");
    const FieldImage field = people(1, 0.3);
    Scene scene;
    scene.field = &field;
    scene.controls.trails = scene.controls.grain = scene.controls.glow = 0.0f;
    picture_ = std::make_unique<gfx::Framebuffer>(GL_RGBA8, kWidth, kHeight);
    for (int i = 0; i < 2; ++i) stage.draw(scene, picture_->get(), kWidth, kHeight);
    unmapped_ = gfx::read_pixels(picture_->get(), kWidth, kHeight);
  }
  gfx::Image drawn(const Mapping& mapping) {
    MappingPass pass;
    gfx::Framebuffer target(GL_RGBA8, kWidth, kHeight);
    pass.draw(picture_->texture(), {target.get(), kWidth, kHeight}, mapping);
    return gfx::read_pixels(target.get(), kWidth, kHeight);
  }

  std::unique_ptr<gfx::Framebuffer> picture_;
  gfx::Image unmapped_;
};

TEST_F(MappingOutlineTest, OfACornerPinLiesWhereGeometryPutsItAndIsAsSharp) {
  Mapping m;
  m.corners = {{{0.031, 0.017}, {0.988, 0.042}, {0.963, 0.991}, {0.007, 0.953}}};
  const gfx::Image mapped = drawn(m);
  const Light before = light_of(unmapped_), after = light_of(mapped);
  const Surface surface(m);
  const Homography back = glm::inverse(homography(m.corners));
  const glm::dvec2 size(kWidth, kHeight);
  const auto moved = [&](glm::dvec2 at) { return surface.at(at / size) * size; };
  std::vector<double> kept(static_cast<std::size_t>(kWidth * kHeight), -1.0);
  const Light ideal = [&](int x, int y) {
    double& value = kept[static_cast<std::size_t>(y * kWidth + x)];
    return value < 0.0 ? value = reference(before, back, x, y) : value;
  };
  double error = 0.0, worst = 0.0, from_ideal = 0.0, width = 0.0, width_before = 0.0, width_ideal = 0.0;
  int count = 0, lost = 0;
  for (const OutlinePoint& point : outline_of(before)) {
    const glm::dvec2 tangent(-point.normal.y, point.normal.x), at = moved(point.at);
    const glm::dvec2 along = glm::normalize(moved(point.at + tangent) - moved(point.at - tangent));
    const glm::dvec2 normal(along.y, -along.x);
    const auto edge = edge_at(after, at, normal), best = edge_at(ideal, at, normal);
    if (!edge || !best) {
      ++lost;
      continue;
    }
    ++count;
    error += std::abs(edge->offset), worst = std::max(worst, std::abs(edge->offset));
    from_ideal += std::abs(edge->offset - best->offset);
    width += edge->width, width_before += point.width, width_ideal += best->width;
  }
  ASSERT_GT(count, 300);
  EXPECT_LT(lost, count / 20);
  error /= count, from_ideal /= count;
  std::printf(
      "outline through a corner pin, %d points: mean error %.4f px, worst %.3f px, against 8 x 8 samples %.4f px; "
      "edge width %.3f px, before %.3f px, 8 x 8 samples %.3f px\n",
      count, error, worst, from_ideal, width / count, width_before / count, width_ideal / count);
  EXPECT_LT(error, 0.15);
  EXPECT_LT(from_ideal, 0.1);
  EXPECT_LT(width, 1.5 * width_before);
}

// The edge of the surface itself, bright against black, moves with its corner by a tenth of a pixel.
TEST_F(MappingOutlineTest, ATenthOfAPixelIsSeen) {
  Mapping m;
  m.corners = {{{0.1, 0.1}, {0.9, 0.1}, {0.9, 0.9}, {0.1, 0.9}}};
  picture_->clear(0.8f, 0.8f, 0.8f, 1.0f);
  const auto left_edge = [&] {
    const gfx::Image image = drawn(m);
    const Light light = light_of(image);
    double covered = 0.0;
    for (int x = 150; x < 230; ++x) covered += light(x, kHeight / 2) / 204.0;
    return 230.0 - covered;
  };
  EXPECT_NEAR(left_edge(), 192.0, 0.02);
  for (int i = 1; i <= 10; ++i) {
    m.corners[0].x += 0.1 / kWidth, m.corners[3].x += 0.1 / kWidth;
    EXPECT_NEAR(left_edge(), 192.0 + 0.1 * i, 0.03);
  }
}

TEST_F(MappingOutlineTest, OfThePictureMovesByATenthOfAPixel) {
  Mapping m;
  const std::vector<OutlinePoint> outline = outline_of(light_of(unmapped_));
  m.offset.x = 0.1 / kWidth;
  const gfx::Image mapped = drawn(m);
  const Light after = light_of(mapped);
  double moved = 0.0;
  int count = 0;
  for (const OutlinePoint& point : outline) {
    if (std::abs(point.normal.x) < 0.8) continue;
    const auto edge = edge_at(after, point.at, point.normal);
    if (edge) moved += edge->offset / point.normal.x, ++count;
  }
  ASSERT_GT(count, 100);
  std::printf("a picture that is moved by 0.1 px: its outline by %.4f px\n", moved / count);
  EXPECT_NEAR(moved / count, 0.1, 0.02);
}

}  // namespace
}  // namespace ombra::stage
