#include "footage/video/rim_key.hpp"

#include "core/quantile.hpp"
#include "footage/video/blobs.hpp"

#include <algorithm>
#include <array>

namespace ombra::train {
namespace {

constexpr double kMinOfDeepest = 0.2;  // of the deepest shape's depth: less deep ones are ground between two lights
constexpr int kDarkest = 80;           // a figure's own brightness at most
constexpr double kSpeck = 5e-4;        // of the picture
constexpr double kReflection = 0.3;    // of the picture's height, from its lower edge up
constexpr double kHalf = 0.5;          // of its depth: there the outline runs
constexpr double kInside = 0.8;        // of its depth: from here on it is no edge

int brightness(const std::uint8_t* rgb) { return std::max({rgb[0], rgb[1], rgb[2]}); }

// A shape that light lies round.
struct Shape {
  std::vector<double> depths, levels;
  int top = 0;
  bool at_bottom = false;
};

struct Shapes {
  Blobs blobs;
  std::vector<double> depth;  // of each blob that is a figure, 0 of the others
};

// The figures among the shapes.
Shapes find_shapes(std::span<const std::uint8_t> rgb, std::span<const std::uint8_t> depth, int width, int height,
                   double least) {
  std::vector<std::uint8_t> mask(depth.size());
  for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = depth[i] >= kHalf * least ? 1 : 0;
  Shapes shapes{find_blobs(mask, width, height, 1), {}};
  std::vector<Shape> all(shapes.blobs.area.size());
  for (Shape& shape : all) shape.top = height;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto i = static_cast<std::size_t>(y * width + x);
      const std::int32_t label = shapes.blobs.label[i];
      if (label < 0) continue;
      Shape& shape = all[static_cast<std::size_t>(label)];
      shape.depths.push_back(depth[i]);
      shape.levels.push_back(brightness(&rgb[3 * i]));
      shape.top = std::min(shape.top, y);
      shape.at_bottom = shape.at_bottom || y == height - 1;
    }
  }
  double deepest = 0.0;
  for (std::size_t k = 0; k < all.size(); ++k) {
    const bool speck = shapes.blobs.area[k] < kSpeck * width * height;
    const bool reflection = all[k].at_bottom && all[k].top > (1.0 - kReflection) * height;
    const double deep = quantile(std::move(all[k].depths), 0.8);
    const bool dark = quantile(std::move(all[k].levels), 0.3) <= kDarkest;
    shapes.depth.push_back(!speck && !reflection && dark && deep >= least ? deep : 0.0);
    deepest = std::max(deepest, shapes.depth.back());
  }
  for (double& deep : shapes.depth) deep = deep >= kMinOfDeepest * deepest ? deep : 0.0;
  return shapes;
}

}  // namespace

std::vector<std::uint8_t> rim_depth(std::span<const std::uint8_t> rgb, int width, int height) {
  const auto pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  std::vector<std::uint8_t> level(pixels), depth(pixels, 0);
  for (std::size_t i = 0; i < pixels; ++i) level[i] = static_cast<std::uint8_t>(brightness(&rgb[3 * i]));
  std::array<std::vector<std::int32_t>, 256> waiting;  // by the level over which they are reached
  std::vector<bool> reached(pixels, false);
  const auto reach = [&](int x, int y, int over) {
    const auto i = static_cast<std::size_t>(y * width + x);
    if (reached[i]) return;
    reached[i] = true;
    const int here = std::max<int>(over, level[i]);
    depth[i] = static_cast<std::uint8_t>(here - level[i]);
    waiting[static_cast<std::size_t>(here)].push_back(static_cast<std::int32_t>(i));
  };
  for (int x = 0; x < width; ++x) reach(x, 0, 0);
  for (int y = 0; y < height; ++y) reach(0, y, 0), reach(width - 1, y, 0);
  for (int over = 0; over < 256; ++over) {
    auto& now = waiting[static_cast<std::size_t>(over)];
    for (std::size_t k = 0; k < now.size(); ++k) {  // grows meanwhile
      const int x = now[k] % width, y = now[k] / width;
      if (x > 0) reach(x - 1, y, over);
      if (x + 1 < width) reach(x + 1, y, over);
      if (y > 0) reach(x, y - 1, over);
      if (y + 1 < height) reach(x, y + 1, over);
    }
  }
  return depth;
}

void rim_ink(std::span<const std::uint8_t> rgb, int width, int height, double least, std::span<float> ink) {
  const std::vector<std::uint8_t> depth = rim_depth(rgb, width, height);
  const Shapes shapes = find_shapes(rgb, depth, width, height, least);
  for (std::size_t i = 0; i < ink.size(); ++i) {
    const std::int32_t label = shapes.blobs.label[i];
    const double deep = label < 0 ? 0.0 : shapes.depth[static_cast<std::size_t>(label)];
    ink[i] = deep > 0.0 ? static_cast<float>(std::clamp(depth[i] / deep, 0.0, 1.0)) : 0.0f;
  }
}

RimSurvey survey_rim(std::span<const std::uint8_t> rgb, int width, int height, double least) {
  const std::vector<std::uint8_t> depth = rim_depth(rgb, width, height);
  const Shapes shapes = find_shapes(rgb, depth, width, height, least);
  RimSurvey survey;
  const auto deepest = std::max_element(shapes.depth.begin(), shapes.depth.end());
  if (deepest == shapes.depth.end() || *deepest <= 0.0) return survey;
  const auto label = static_cast<std::int32_t>(deepest - shapes.depth.begin());
  std::vector<double> levels;
  for (std::size_t i = 0; i < depth.size(); ++i) {
    if (shapes.blobs.label[i] == label && depth[i] > kInside * *deepest) levels.push_back(brightness(&rgb[3 * i]));
  }
  survey.share = static_cast<double>(levels.size()) / static_cast<double>(depth.size());
  survey.depth = *deepest;
  survey.level = quantile(levels, 0.5);
  survey.spread = 0.5 * (quantile(levels, 0.95) - quantile(levels, 0.05));
  return survey;
}

}  // namespace ombra::train
