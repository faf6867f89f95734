#pragma once
// Places on the desktop, and what is to be seen there.

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ostream>
#include <string>
#include <vector>

namespace ombra::test {

// On the desktop, in pixels from its upper left corner.
struct Place {
  int x = 0, y = 0, width = 0, height = 0;

  bool operator==(const Place&) const = default;
  bool holds(const Place& other) const {
    return other.x >= x && other.y >= y && other.x + other.width <= x + width && other.y + other.height <= y + height;
  }
};
inline std::ostream& operator<<(std::ostream& out, const Place& place) {
  return out << place.width << "x" << place.height << " at " << place.x << "," << place.y;
}

// What a part of the desktop shows.
struct Shot {
  int width = 0, height = 0;
  std::vector<std::uint8_t> rgb;  // [height, top first][width][3]; empty where the desktop does not reach

  bool operator==(const Shot&) const = default;
  // -> a colour's share of the pixels, 0..1; tolerance: of each of its parts
  double share_of(int red, int green, int blue, int tolerance) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i + 2 < rgb.size(); i += 3) {
      count += std::abs(rgb[i] - red) <= tolerance && std::abs(rgb[i + 1] - green) <= tolerance &&
               std::abs(rgb[i + 2] - blue) <= tolerance;
    }
    return rgb.empty() ? 0.0 : 3.0 * static_cast<double>(count) / static_cast<double>(rgb.size());
  }
  // -> the brightest byte, 0..255
  int brightest() const { return rgb.empty() ? 0 : *std::max_element(rgb.begin(), rgb.end()); }
};
// -> "", or how many pixels differ by more than tolerance, where, and the first of them
inline std::string unlike(const Shot& seen, const Shot& wanted, int tolerance = 0) {
  if (seen.width != wanted.width || seen.height != wanted.height || seen.rgb.size() != wanted.rgb.size())
    return fmt::format("{}x{} instead of {}x{}", seen.width, seen.height, wanted.width, wanted.height);
  int count = 0, left = seen.width, right = -1, top = seen.height, bottom = -1;
  std::string first;
  for (int y = 0; y < seen.height; ++y) {
    for (int x = 0; x < seen.width; ++x) {
      const auto at = 3 * static_cast<std::size_t>(y * seen.width + x);
      int apart = 0;
      for (std::size_t i = at; i < at + 3; ++i) apart = std::max(apart, std::abs(seen.rgb[i] - wanted.rgb[i]));
      if (apart <= tolerance) continue;
      if (count++ == 0) {
        const auto *s = &seen.rgb[at], *w = &wanted.rgb[at];
        first = fmt::format("{},{},{} instead of {},{},{}", s[0], s[1], s[2], w[0], w[1], w[2]);
      }
      left = std::min(left, x), right = std::max(right, x), top = std::min(top, y), bottom = std::max(bottom, y);
    }
  }
  return count == 0 ? "" : fmt::format("{} pixels within {},{} to {},{}: {}", count, left, top, right, bottom, first);
}

}  // namespace ombra::test
