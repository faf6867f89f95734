#include "model/figure/distance.hpp"

#include "core/error.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

namespace ombra::model {
namespace {

// From a pixel's centre to the outline point nearest to it that is known so far.
struct Offset {
  float x = 0.0f, y = 0.0f, square = INFINITY;
};

// How far along from a value to its neighbour's the outline is crossed, 0..1; infinity: not crossed.
float crossing(float v, float next) { return (v >= 0.0f) != (next >= 0.0f) ? v / (v - next) : INFINITY; }

// The outline near a pixel as the straight line through the crossings towards its neighbours.
Offset near_outline(std::span<const float> ink, int width, int height, int x, int y) {
  const auto value = [&](int i, int j) {
    return ink[static_cast<std::size_t>(j) * static_cast<std::size_t>(width) + static_cast<std::size_t>(i)] - 0.5f;
  };
  const float v = value(x, y);
  const float left = x > 0 ? crossing(v, value(x - 1, y)) : INFINITY;
  const float right = x + 1 < width ? crossing(v, value(x + 1, y)) : INFINITY;
  const float up = y > 0 ? crossing(v, value(x, y - 1)) : INFINITY;
  const float down = y + 1 < height ? crossing(v, value(x, y + 1)) : INFINITY;
  const float dx = left < right ? -left : right, dy = up < down ? -up : down;
  if (std::isinf(dx) && std::isinf(dy)) return {};
  constexpr float kOn = 1e-6f;
  if (std::abs(dx) < kOn || std::abs(dy) < kOn) return {0.0f, 0.0f, 0.0f};
  const float square = 1.0f / (1.0f / (dx * dx) + 1.0f / (dy * dy));
  return {square / dx, square / dy, square};
}

}  // namespace

void signed_distance(std::span<const float> ink, int width, int height, std::span<float> distance) {
  OMBRA_ASSERT(width > 0 && height > 0 && width <= 16384 && height <= 16384 &&
               ink.size() == static_cast<std::size_t>(width) * static_cast<std::size_t>(height) &&
               distance.size() == ink.size());
  thread_local std::vector<Offset> offsets;
  offsets.assign(ink.size(), {});
  const auto at = [&](int x, int y) -> Offset& {
    return offsets[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
  };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) at(x, y) = near_outline(ink, width, height, x, y);
  }
  const auto hear = [&](Offset& mine, int x, int y, int dx, int dy) {
    const Offset& other = at(x + dx, y + dy);
    const float ox = other.x + static_cast<float>(dx), oy = other.y + static_cast<float>(dy);
    if (std::isinf(other.square)) return;
    if (const float square = ox * ox + oy * oy; square < mine.square) mine = {ox, oy, square};
  };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      Offset& mine = at(x, y);
      if (y > 0) {
        if (x > 0) hear(mine, x, y, -1, -1);
        hear(mine, x, y, 0, -1);
        if (x + 1 < width) hear(mine, x, y, 1, -1);
      }
      if (x > 0) hear(mine, x, y, -1, 0);
    }
    for (int x = width - 2; x >= 0; --x) hear(at(x, y), x, y, 1, 0);
  }
  for (int y = height - 1; y >= 0; --y) {
    for (int x = width - 1; x >= 0; --x) {
      Offset& mine = at(x, y);
      if (y + 1 < height) {
        if (x > 0) hear(mine, x, y, -1, 1);
        hear(mine, x, y, 0, 1);
        if (x + 1 < width) hear(mine, x, y, 1, 1);
      }
      if (x + 1 < width) hear(mine, x, y, 1, 0);
    }
    for (int x = 1; x < width; ++x) hear(at(x, y), x, y, -1, 0);
  }
  const float far = static_cast<float>(width + height);
  for (std::size_t i = 0; i < ink.size(); ++i) {
    const float d = std::isinf(offsets[i].square) ? far : std::sqrt(offsets[i].square);
    distance[i] = ink[i] >= 0.5f ? -d : d;
  }
}

}  // namespace ombra::model
