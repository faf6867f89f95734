#pragma once
// What tests ask of the pictures of titles and logos.

#include "stage/title/overlay_picture.hpp"

#include <algorithm>

namespace ombra::stage {

// The pixels that are at least half covered: of the largest level, y down; right and bottom are the first that are not.
struct Covered {
  int left = 1 << 20, top = 1 << 20, right = 0, bottom = 0;
  int width() const { return right - left; }
  int height() const { return bottom - top; }
  long pixels = 0;
};

inline Covered covered(const OverlayPicture& picture) {
  Covered c;
  if (picture.levels.empty()) return c;
  const OverlayPicture::Level& level = picture.levels.front();
  for (int y = 0; y < level.height; ++y) {
    for (int x = 0; x < level.width; ++x) {
      if (level.rgba[4 * (static_cast<std::size_t>(y) * level.width + x) + 3] < 128) continue;
      c.left = std::min(c.left, x), c.right = std::max(c.right, x + 1);
      c.top = std::min(c.top, y), c.bottom = std::max(c.bottom, y + 1);
      ++c.pixels;
    }
  }
  return c;
}

}  // namespace ombra::stage
