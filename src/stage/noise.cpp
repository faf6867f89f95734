#include "stage/noise.hpp"

#include "core/arithmetic.hpp"
#include "core/rng.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ombra::stage {
namespace {

using Plane = std::vector<float>;

// Adds `strength` of value noise with `cells` cells a side.
void add_octave(Plane& plane, int cells, float strength, Rng& rng) {
  Plane grid(static_cast<std::size_t>(cells) * cells);
  for (float& value : grid) value = static_cast<float>(rng.uniform());
  const auto at = [&](int x, int y) { return grid[static_cast<std::size_t>(y % cells) * cells + x % cells]; };
  for (int y = 0; y < kNoiseSize; ++y) {
    for (int x = 0; x < kNoiseSize; ++x) {
      const float u = static_cast<float>(x) * static_cast<float>(cells) / kNoiseSize;
      const float v = static_cast<float>(y) * static_cast<float>(cells) / kNoiseSize;
      const int i = static_cast<int>(u), j = static_cast<int>(v);
      const float s = smoothstep(u - static_cast<float>(i)), t = smoothstep(v - static_cast<float>(j));
      const float low = std::lerp(at(i, j), at(i + 1, j), s), high = std::lerp(at(i, j + 1), at(i + 1, j + 1), s);
      plane[static_cast<std::size_t>(y) * kNoiseSize + x] += strength * std::lerp(low, high, t);
    }
  }
}

// Short, faint, slightly bent threads in all directions.
void add_fibres(Plane& plane, int count, Rng& rng) {
  for (int i = 0; i < count; ++i) {
    double x = rng.uniform(0.0, kNoiseSize), y = rng.uniform(0.0, kNoiseSize);
    double angle = rng.uniform(0.0, 2.0 * std::numbers::pi);
    const double bend = rng.uniform(-0.06, 0.06);
    const float depth = static_cast<float>(rng.uniform(-1.0, 1.0));
    for (int step = 0, length = 6 + rng.below(22); step < length; ++step) {
      const int column = static_cast<int>(x) & (kNoiseSize - 1), row = static_cast<int>(y) & (kNoiseSize - 1);
      plane[static_cast<std::size_t>(row) * kNoiseSize + column] += depth;
      x += std::cos(angle) + kNoiseSize;
      y += std::sin(angle) + kNoiseSize;
      angle += bend;
    }
  }
}

// Stretches the plane to 0..255, ignoring the outermost half percent on either side.
std::vector<std::uint8_t> to_bytes(const Plane& plane) {
  Plane sorted = plane;
  std::sort(sorted.begin(), sorted.end());
  const std::size_t cut = sorted.size() / 200;
  const float low = sorted[cut], high = std::max(sorted[sorted.size() - 1 - cut], low + 1e-6f);
  std::vector<std::uint8_t> bytes;
  bytes.reserve(plane.size());
  for (float value : plane) {
    bytes.push_back(
        static_cast<std::uint8_t>(std::lround(255.0f * std::clamp((value - low) / (high - low), 0.0f, 1.0f))));
  }
  return bytes;
}

}  // namespace

std::vector<std::uint8_t> make_noise() {
  Rng rng(20);
  constexpr std::size_t kCount = static_cast<std::size_t>(kNoiseSize) * kNoiseSize;
  Plane clouds(kCount, 0.0f), fibres(kCount, 0.0f);
  float strength = 1.0f;
  for (int cells = 8; cells <= 128; cells *= 2, strength *= 0.55f) add_octave(clouds, cells, strength, rng);
  add_octave(fibres, 128, 1.5f, rng);
  add_fibres(fibres, 1600, rng);
  const std::vector<std::uint8_t> g = to_bytes(clouds), b = to_bytes(fibres);
  std::vector<std::uint8_t> pixels(kCount * 4);
  for (std::size_t i = 0; i < kCount; ++i) {
    const std::uint64_t bits = rng.bits();
    pixels[4 * i] = static_cast<std::uint8_t>(bits >> 56);
    pixels[4 * i + 1] = g[i];
    pixels[4 * i + 2] = b[i];
    pixels[4 * i + 3] = static_cast<std::uint8_t>(bits >> 48);
  }
  return pixels;
}

}  // namespace ombra::stage
