#pragma once
// The size of what leaves the show for files, streams and other programs. Thread: any.

#include "core/number.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace ombra::show {

struct PictureSize {
  int width = 0, height = 0;  // pixels
};

// -> the nearest length that video encoders take: even, 16..8192
inline int encodable(double length) { return std::clamp(2 * static_cast<int>(std::lround(length / 2.0)), 16, 8192); }

// lines: "window" is as high as the picture, "auto" at most 1080 lines, else a number. width, height: of the picture,
// over 0, whose shape is kept.
inline PictureSize picture_size(const std::string& lines, int width, int height) {
  constexpr int kAutoLines = 1080;
  const int high = lines == "window" ? height
                   : lines == "auto" ? std::min(height, kAutoLines)
                                     : static_cast<int>(parse_integer(lines).value_or(kAutoLines));
  return {encodable(static_cast<double>(width) * high / height), encodable(high)};
}

}  // namespace ombra::show
