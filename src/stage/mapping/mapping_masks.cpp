#include "stage/mapping/mapping_masks.hpp"

#include "core/arithmetic.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace ombra::stage {
namespace {

constexpr int kLeastSide = 32;  // pixels, to which a picture may be halved

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

// Pixels of a row, the end not included.
struct Span {
  std::size_t begin = 0, end = 0;
};

// Those that are within reach of the part from a to b in the row whose middle is y, or a few more; none, but at the end
// where the part is, where that is beside the row; nothing where it is above or below.
std::optional<Span> near_part(glm::dvec2 a, glm::dvec2 b, double reach, double y, std::size_t width) {
  if (y < std::min(a.y, b.y) - reach || y > std::max(a.y, b.y) + reach) return std::nullopt;
  const glm::dvec2 along = b - a;
  double first = 0.0, last = 1.0;  // of the part, where it is near enough in y
  if (std::abs(along.y) > 1e-9) {
    const double t = (y - reach - a.y) / along.y, u = (y + reach - a.y) / along.y;
    first = std::clamp(std::min(t, u), 0.0, 1.0), last = std::clamp(std::max(t, u), 0.0, 1.0);
  }
  const double x0 = a.x + first * along.x, x1 = a.x + last * along.x, size = static_cast<double>(width);
  return Span{static_cast<std::size_t>(std::clamp(std::floor(std::min(x0, x1) - reach), 0.0, size)),
              static_cast<std::size_t>(std::clamp(std::ceil(std::max(x0, x1) + reach), 0.0, size))};
}

// Squares of distances to the part; the least is kept.
void add_part(glm::dvec2 a, glm::dvec2 b, double y, Span span, std::span<double> row) {
  const glm::dvec2 along = b - a;
  const double square = std::max(glm::dot(along, along), 1e-12);
  for (std::size_t x = span.begin; x < span.end; ++x) {
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

  // Takes from `light` what the outline hides of the row whose middle is y. -> pixels that were looked at
  double hide(const Outline& outline, double y, std::span<float> light) {
    const double reach = 0.5 * outline.feather + 1.0;
    const std::size_t count = outline.points.size();
    std::size_t looked = light.size();
    Span all{light.size(), 0};
    for (std::size_t i = 0; i < count; ++i) {
      const auto span = near_part(outline.points[i], outline.points[(i + 1) % count], reach, y, light.size());
      if (span) all = {std::min(all.begin, span->begin), std::max(all.end, span->end)};
    }
    if (all.begin >= all.end) all = {0, 0};
    if (outline.inverted) {  // left and right of it all is outside
      std::ranges::fill(light.first(all.begin), 0.0f);
      std::ranges::fill(light.subspan(all.end), 0.0f);
    }
    if (all.end == 0) return static_cast<double>(light.size());
    std::fill(squares_.begin() + static_cast<std::ptrdiff_t>(all.begin),
              squares_.begin() + static_cast<std::ptrdiff_t>(all.end), reach * reach);
    for (std::size_t i = 0; i < count; ++i) {
      const glm::dvec2 a = outline.points[i], b = outline.points[(i + 1) % count];
      const auto span = near_part(a, b, reach, y, light.size());
      if (!span) continue;
      add_part(a, b, y, *span, squares_);
      looked += span->end - span->begin;
    }
    crossings(outline, y, crossings_);
    shade(outline, all, light);
    return static_cast<double>(looked);
  }

 private:
  void shade(const Outline& outline, Span span, std::span<float> light) const {
    std::size_t passed = 0;
    for (std::size_t x = span.begin; x < span.end; ++x) {
      while (passed < crossings_.size() && crossings_[passed] <= static_cast<double>(x) + 0.5) ++passed;
      const bool inside = passed % 2 != 0;
      const double away = std::sqrt(squares_[x]) / outline.feather;
      const double t = std::clamp(0.5 + (inside == outline.inverted ? away : -away), 0.0, 1.0);
      light[x] *= static_cast<float>(outline.soft ? smoothstep(t) : t);
    }
  }

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

double work_of(std::span<const Outline> shapes, int width, int height) {
  double sum = static_cast<double>(shapes.size()) * width * height;
  for (const Outline& shape : shapes) sum += edge_work(shape);
  return sum;
}

}  // namespace

struct MaskBaker::Impl {
  std::vector<Outline> shapes;
  MaskPicture picture;
  Row row{0};
  std::vector<float> light;
  double work = 0.0;
  int next = 0, rows = 0;  // from below
};

MaskBaker::MaskBaker() : impl_(std::make_unique<Impl>()) {}
MaskBaker::~MaskBaker() = default;

bool MaskBaker::busy() const { return impl_->next < impl_->rows; }
double MaskBaker::work() const { return impl_->work; }
const MaskPicture& MaskBaker::picture() const { return impl_->picture; }

void MaskBaker::begin(std::span<const Mask> masks, int width, int height, double most_work) {
  Impl& b = *impl_;
  b.next = b.rows = 0;
  b.work = 0.0;
  b.picture.width = b.picture.height = 0;
  b.shapes = outlines(masks, width, height);
  if (b.shapes.empty() || width <= 0 || height <= 0) return;
  while ((b.work = work_of(b.shapes, width, height)) > most_work && std::min(width, height) > kLeastSide) {
    width = (width + 1) / 2, height = (height + 1) / 2;
    b.shapes = outlines(masks, width, height);
  }
  b.picture.width = width, b.picture.height = b.rows = height;
}

double MaskBaker::step(double work) {
  Impl& b = *impl_;
  if (!busy()) return 0.0;
  const auto width = static_cast<std::size_t>(b.picture.width);
  if (b.next == 0) {  // only now: whoever drags a mask begins often
    b.picture.values.clear();
    b.picture.values.reserve(width * static_cast<std::size_t>(b.rows));
    b.row = Row(b.picture.width);
    b.light.resize(width);
  }
  double looked = 0.0;
  for (; busy() && looked < work; ++b.next) {
    std::ranges::fill(b.light, 255.0f);
    const double y = b.rows - 1 - b.next + 0.5;
    for (const Outline& shape : b.shapes) looked += b.row.hide(shape, y, b.light);
    for (const float light : b.light) b.picture.values.push_back(static_cast<std::uint8_t>(light + 0.5f));
  }
  return looked;
}

MaskPicture mask_picture(std::span<const Mask> masks, int width, int height, double most_work) {
  MaskBaker baker;
  baker.begin(masks, width, height, most_work);
  while (baker.busy()) baker.step(most_work);
  return baker.picture();
}

}  // namespace ombra::stage
