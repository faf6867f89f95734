#pragma once
// How bright pictures are, and how far two of them are apart: bytes row by row, from whatever made them.

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <span>

namespace ombra::test {

using Bytes = std::span<const std::uint8_t>;

// -> mean of all bytes, 0..255
inline double mean_light(Bytes picture) {
  double sum = 0.0;
  for (const std::uint8_t value : picture) sum += value;
  return sum / static_cast<double>(picture.size());
}

// -> mean difference of all bytes, 0..255; of pictures of different sizes infinite
inline double difference(Bytes a, Bytes b) {
  if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return sum / static_cast<double>(a.size());
}

// A part of a picture, in pixels from the upper left corner; right and bottom are the first that do not belong to it.
struct Part {
  int left, top, right, bottom;
};

// The same over a part alone. width, channels: of both pictures
inline double difference(Bytes a, Bytes b, int width, int channels, const Part& part) {
  if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
  double sum = 0.0;
  const int row = (part.right - part.left) * channels;
  for (int y = part.top; y < part.bottom; ++y) {
    const auto at = static_cast<std::size_t>((y * width + part.left) * channels);
    for (std::size_t i = at; i < at + static_cast<std::size_t>(row); ++i) sum += std::abs(a[i] - b[i]);
  }
  return sum / (static_cast<double>(row) * (part.bottom - part.top));
}

}  // namespace ombra::test
