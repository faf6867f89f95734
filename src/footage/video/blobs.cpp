#include "footage/video/blobs.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::train {
namespace {

constexpr int kFringe = 2;            // pixels round a shape that keep their soft ink
constexpr float kJustInside = 0.55f;  // of what closing adds

// One row of a disc after the other: result = most (or least) of the mask under it.
template <bool kGrow>
void sweep(std::span<std::uint8_t> mask, int width, int height, int radius) {
  if (radius <= 0) return;
  const auto w = static_cast<std::size_t>(width), h = static_cast<std::size_t>(height);
  std::vector<std::uint8_t> out(mask.begin(), mask.end());
  std::vector<std::int32_t> sums(w + 1);
  for (int dy = -radius; dy <= radius; ++dy) {
    const int reach = static_cast<int>(std::sqrt((radius + 0.5) * (radius + 0.5) - dy * dy));
    for (int y = std::max(0, -dy); y < std::min(height, height - dy); ++y) {
      const std::uint8_t* row = &mask[static_cast<std::size_t>(y + dy) * w];
      std::uint8_t* to = &out[static_cast<std::size_t>(y) * w];
      for (std::size_t x = 0; x < w; ++x) sums[x + 1] = sums[x] + row[x];
      if (sums[w] == (kGrow ? 0 : width)) continue;
      for (int x = 0; x < width; ++x) {
        const int from = std::max(0, x - reach), till = std::min(width, x + reach + 1);
        const int set = sums[static_cast<std::size_t>(till)] - sums[static_cast<std::size_t>(from)];
        if (kGrow && set > 0) to[x] = 1;
        if (!kGrow && set < till - from) to[x] = 0;
      }
    }
  }
  std::copy(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(w * h), mask.begin());
}

}  // namespace

void grow(std::span<std::uint8_t> mask, int width, int height, int radius) { sweep<true>(mask, width, height, radius); }
void shrink(std::span<std::uint8_t> mask, int width, int height, int radius) {
  sweep<false>(mask, width, height, radius);
}

Blobs find_blobs(std::span<const std::uint8_t> mask, int width, int height, std::uint8_t value) {
  Blobs blobs;
  blobs.label.assign(mask.size(), -1);
  std::vector<std::int32_t> stack;
  const auto visit = [&](int x, int y, std::int32_t name) {
    const auto i = static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
    if (mask[i] != value || blobs.label[i] >= 0) return;
    blobs.label[i] = name;
    ++blobs.area.back();
    if (x == 0 || y == 0 || x == width - 1 || y == height - 1) blobs.at_edge.back() = true;
    stack.push_back(static_cast<std::int32_t>(i));
  };
  for (std::size_t seed = 0; seed < mask.size(); ++seed) {
    if (mask[seed] != value || blobs.label[seed] >= 0) continue;
    const auto name = static_cast<std::int32_t>(blobs.area.size());
    blobs.area.push_back(0);
    blobs.at_edge.push_back(false);
    visit(static_cast<int>(seed) % width, static_cast<int>(seed) / width, name);
    while (!stack.empty()) {
      const int x = stack.back() % width, y = stack.back() / width;
      stack.pop_back();
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
          if (value == 0 && dx != 0 && dy != 0) continue;
          if (x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height) visit(x + dx, y + dy, name);
        }
      }
    }
  }
  return blobs;
}

void clean(std::span<float> ink, int width, int height, const CleanSpec& spec) {
  std::vector<std::uint8_t> mask(ink.size());
  for (std::size_t i = 0; i < ink.size(); ++i) mask[i] = ink[i] > 0.5f ? 1 : 0;
  grow(mask, width, height, spec.close);
  shrink(mask, width, height, spec.close + spec.open);
  grow(mask, width, height, spec.open);

  const Blobs blobs = find_blobs(mask, width, height, 1);
  if (blobs.area.empty()) {
    std::fill(ink.begin(), ink.end(), 0.0f);
    return;
  }
  const double largest = *std::max_element(blobs.area.begin(), blobs.area.end());
  const double least = std::max(spec.keep_share * largest, spec.speck_share * static_cast<double>(ink.size()));
  for (std::size_t i = 0; i < mask.size(); ++i) {
    if (blobs.label[i] >= 0 && blobs.area[static_cast<std::size_t>(blobs.label[i])] < least) mask[i] = 0;
  }
  const Blobs gaps = find_blobs(mask, width, height, 0);
  const auto is_hole = [&](std::int32_t name) {
    const auto n = static_cast<std::size_t>(name);
    return name >= 0 && !gaps.at_edge[n] && gaps.area[n] < spec.hole_share * largest;
  };
  for (std::size_t i = 0; i < mask.size(); ++i) {
    if (is_hole(gaps.label[i])) mask[i] = 1;
  }
  std::vector<std::uint8_t> near(mask);
  grow(near, width, height, kFringe);
  std::vector<std::uint8_t> inside(mask);
  shrink(inside, width, height, 1);
  for (std::size_t i = 0; i < ink.size(); ++i) {
    if (!near[i]) ink[i] = 0.0f;
    if (inside[i] || (mask[i] && is_hole(gaps.label[i]))) ink[i] = 1.0f;
    if (mask[i]) ink[i] = std::max(ink[i], kJustInside);
  }
}

}  // namespace ombra::train
