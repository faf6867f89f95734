#include "train/matte.hpp"

#include "core/error.hpp"
#include "train/blobs.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::train {

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
  if (key_.kind == KeyKind::kBackground) {
    OMBRA_ASSERT(still_ && still_->width() == width && still_->height() == height);
    still_->difference(rgb, ink);
    const auto level = static_cast<float>(key_.threshold.value_or(still_->threshold()));
    for (float& v : ink) v = std::clamp(v / (2.0f * level), 0.0f, 1.0f);
  } else {
    key_picture(key_, rgb, ink);
  }
  if (key_.kind == KeyKind::kNone) return;
  const int left = static_cast<int>(std::lround(left_ * width)), right = static_cast<int>(std::lround(right_ * width)),
            top = static_cast<int>(std::lround(top_ * height)), bottom = static_cast<int>(std::lround(bottom_ * height));
  for (int y = 0; y < height; ++y) {
    const auto row = ink.subspan(static_cast<std::size_t>(y) * static_cast<std::size_t>(width), static_cast<std::size_t>(width));
    const bool bar = y < top || y >= bottom;
    std::fill(row.begin(), bar ? row.end() : row.begin() + left, 0.0f);
    std::fill(row.begin() + right, row.end(), 0.0f);
  }
  clean_up(ink, width, height);
}

}  // namespace ombra::train
