#include "footage/video/matte.hpp"

#include "core/error.hpp"
#include "footage/video/blobs.hpp"
#include "footage/video/rim_key.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::train {
namespace {

// -> the largest value within `radius` of each, along rows or columns
void spread_largest(std::vector<float>& values, int width, int height, int radius) {
  const std::vector<float> rows = values;
  std::vector<float> both(values.size());
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const float* row = &rows[static_cast<std::size_t>(y) * static_cast<std::size_t>(width)];
      both[static_cast<std::size_t>(y * width + x)] =
          *std::max_element(row + std::max(0, x - radius), row + std::min(width, x + radius + 1));
    }
  }
  for (int y = 0; y < height; ++y) {
    float* out = &values[static_cast<std::size_t>(y) * static_cast<std::size_t>(width)];
    std::fill(out, out + width, 0.0f);
    for (int v = std::max(0, y - radius); v < std::min(height, y + radius + 1); ++v) {
      const float* row = &both[static_cast<std::size_t>(v) * static_cast<std::size_t>(width)];
      for (int x = 0; x < width; ++x) out[x] = std::max(out[x], row[x]);
    }
  }
}

// Even faint traces of the dancer pass the threshold, and so the shape reaches too far: along its rim the outline goes
// where the difference is half of what it is farther in.
void sharpen_rim(std::span<float> ink, std::span<const float> levels, int width, int height, int radius) {
  std::vector<std::uint8_t> inner(ink.size());
  std::vector<float> largest(ink.size());
  for (std::size_t i = 0; i < ink.size(); ++i) {
    inner[i] = ink[i] > 0.5f ? 1 : 0;
    largest[i] = inner[i] ? levels[i] : 0.0f;
  }
  shrink(inner, width, height, radius);
  spread_largest(largest, width, height, radius);
  for (std::size_t i = 0; i < ink.size(); ++i) {
    if (ink[i] > 0.0f && !inner[i] && largest[i] > 0.0f) ink[i] = std::min(1.0f, levels[i] / largest[i]);
  }
}

}  // namespace

Matte::Matte(const KeySpec& key, std::shared_ptr<const Background> still, const Content& content, int content_width,
             int content_height)
    : key_(key),
      still_(std::move(still)),
      left_(double(content.left) / content_width),
      top_(double(content.top) / content_height),
      right_(double(content.right) / content_width),
      bottom_(double(content.bottom) / content_height) {}

void Matte::clean_up(std::span<float> ink, int width, int height) const {
  CleanSpec spec;
  if (key_.kind == KeyKind::kBackground) {
    const int radius = std::max(1, static_cast<int>(std::lround(height / 180.0)));
    spec = {.close = radius, .open = 1, .keep_share = 0.2, .speck_share = 5e-4, .hole_share = 0.04};
  } else {
    spec = {.close = 0, .open = 0, .keep_share = 0.02, .speck_share = 1e-4, .hole_share = 2e-3};
  }
  clean(ink, width, height, spec);
}

void Matte::ink_of(std::span<const std::uint8_t> rgb, int width, int height, std::span<float> ink) const {
  std::vector<float> levels;
  if (key_.kind == KeyKind::kBackground) {
    OMBRA_ASSERT(still_ && still_->width() == width && still_->height() == height);
    levels.resize(ink.size());
    still_->difference(rgb, levels);
    const auto level = static_cast<float>(key_.threshold.value_or(still_->threshold()));
    for (std::size_t i = 0; i < ink.size(); ++i) ink[i] = std::clamp(levels[i] / (2.0f * level), 0.0f, 1.0f);
  } else if (key_.kind == KeyKind::kRim) {
    rim_ink(rgb, width, height, key_.threshold.value_or(kMinRim), ink);
  } else {
    key_picture(key_, rgb, ink);
  }
  if (key_.kind == KeyKind::kNone) return;
  const int left = static_cast<int>(std::lround(left_ * width)), right = static_cast<int>(std::lround(right_ * width)),
            top = static_cast<int>(std::lround(top_ * height)),
            bottom = static_cast<int>(std::lround(bottom_ * height));
  for (int y = 0; y < height; ++y) {
    const auto row =
        ink.subspan(static_cast<std::size_t>(y) * static_cast<std::size_t>(width), static_cast<std::size_t>(width));
    const bool bar = y < top || y >= bottom;
    std::fill(row.begin(), bar ? row.end() : row.begin() + left, 0.0f);
    std::fill(row.begin() + right, row.end(), 0.0f);
  }
  clean_up(ink, width, height);
  if (!levels.empty()) sharpen_rim(ink, levels, width, height, std::max(2, height / 120));
}

}  // namespace ombra::train
