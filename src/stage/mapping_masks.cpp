#include "stage/mapping_masks.hpp"

#include "core/arithmetic.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::stage {
namespace {

constexpr double kMostWork = 6e7;  // pixels that are looked at, about 0.2 s

// One mask in pixels of the picture, y down, their middles at halves.
struct Outline {
  std::vector<glm::dvec2> points;
  double feather;  // pixels, at least one: an edge without a feather is smooth, too
  bool inverted, soft;
};

double edge_work(const Outline& outline) {
  double length = 0.0;
  for (std::size_t i = 0; i < outline.points.size(); ++i) {
    const glm::dvec2 along = outline.points[(i + 1) % outline.points.size()] - outline.points[i];
    length += std::abs(along.x) + std::abs(along.y) + outline.feather;
  }
  return length * (outline.feather + 1.0);
}

// Squares of distances to the outline's parts, least first kept, for the pixels of one row that a part is near.
void near_part(glm::dvec2 a, glm::dvec2 b, double reach, double y, std::span<double> row) {
  if (y < std::min(a.y, b.y) - reach || y > std::max(a.y, b.y) + reach) return;
  const glm::dvec2 along = b - a;
  double first = 0.0, last = 1.0;  // of the part, where it is near enough in y
  if (std::abs(along.y) > 1e-9) {
    const double t = (y - reach - a.y) / along.y, u = (y + reach - a.y) / along.y;
    first = std::clamp(std::min(t, u), 0.0, 1.0), last = std::clamp(std::max(t, u), 0.0, 1.0);
  }
  const double x0 = a.x + first * along.x, x1 = a.x + last * along.x, size = static_cast<double>(row.size());
  const auto begin = static_cast<std::size_t>(std::clamp(std::floor(std::min(x0, x1) - reach), 0.0, size));
  const auto end = static_cast<std::size_t>(std::clamp(std::ceil(std::max(x0, x1) + reach), 0.0, size));
  const double square = std::max(glm::dot(along, along), 1e-12);
  for (std::size_t x = begin; x < end; ++x) {
    const glm::dvec2 p = glm::dvec2(static_cast<double>(x) + 0.5, y) - a;
    const double t = std::clamp(glm::dot(p, along) / square, 0.0, 1.0);
    const glm::dvec2 away = p - t * along;
    row[x] = std::min(row[x], glm::dot(away, away));
  }
}

// Where the row at y enters and leaves the outline, in order.
void crossings(const Outline& outline, double y, std::vector<double>& out) {
  out.clear();
  for (std::size_t i = 0; i < outline.points.size(); ++i) {
    const glm::dvec2 a = outline.points[i], b = outline.points[(i + 1) % outline.points.size()];
    if ((a.y <= y) != (b.y <= y)) out.push_back(a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x));
  }
  std::ranges::sort(out);
}

class Row {
 public:
  explicit Row(int width) : squares_(static_cast<std::size_t>(width)) {}

  // Takes from `light` what the outline hides of the row whose middle is y.
  void hide(const Outline& outline, double y, std::span<float> light) {
    const double reach = 0.5 * outline.feather + 1.0;
    std::ranges::fill(squares_, reach * reach);
    for (std::size_t i = 0; i < outline.points.size(); ++i)
      near_part(outline.points[i], outline.points[(i + 1) % outline.points.size()], reach, y, squares_);
    crossings(outline, y, crossings_);
    std::size_t passed = 0;
    for (std::size_t x = 0; x < squares_.size(); ++x) {
      while (passed < crossings_.size() && crossings_[passed] <= static_cast<double>(x) + 0.5) ++passed;
      const bool inside = passed % 2 != 0;
      const double away = std::sqrt(squares_[x]) / outline.feather;
      const double t = std::clamp(0.5 + (inside == outline.inverted ? away : -away), 0.0, 1.0);
      light[x] *= static_cast<float>(outline.soft ? smoothstep(t) : t);
    }
  }

 private:
  std::vector<double> squares_, crossings_;
};

std::vector<Outline> outlines(std::span<const Mask> masks, int width, int height) {
  std::vector<Outline> out;
  for (const Mask& mask : masks) {
    if (!mask.on || mask.points.size() < kMinMaskPoints) continue;
    const double feather = std::clamp(mask.feather, 0.0, kMaxFeather) * height;
    Outline each{{}, std::max(feather, 1.0), mask.inverted, feather > 2.0};
    for (const glm::dvec2 point : mask.points) each.points.push_back(point * glm::dvec2(width, height));
    out.push_back(std::move(each));
  }
  return out;
}

}  // namespace

MaskPicture mask_picture(std::span<const Mask> masks, int width, int height) {
  std::vector<Outline> shapes = outlines(masks, width, height);
  if (shapes.empty() || width <= 0 || height <= 0) return {};
  const auto work = [&] {
    double sum = static_cast<double>(shapes.size()) * width * height;
    for (const Outline& shape : shapes) sum += edge_work(shape);
    return sum;
  };
  while (work() > kMostWork && width > 256 && height > 256) {
    width = (width + 1) / 2, height = (height + 1) / 2;
    shapes = outlines(masks, width, height);
  }
  MaskPicture out{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * height)};
  Row row(width);
  std::vector<float> light(static_cast<std::size_t>(width));
  for (int y = 0; y < height; ++y) {
    std::ranges::fill(light, 255.0f);
    for (const Outline& shape : shapes) row.hide(shape, y + 0.5, light);
    const std::size_t at = static_cast<std::size_t>(height - 1 - y) * static_cast<std::size_t>(width);
    for (std::size_t x = 0; x < light.size(); ++x)
      out.values[at + x] = static_cast<std::uint8_t>(std::lround(light[x]));
  }
  return out;
}

}  // namespace ombra::stage
