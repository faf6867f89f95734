#include "model/inference/fields.hpp"

#include "model/figure/distance.hpp"
#include "model/figure/strokes.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ombra::model {
namespace {

std::size_t whole(int n) { return static_cast<std::size_t>(n); }

// The four samples that one output sample is made of, and their weights.
struct Taps {
  std::array<int, 4> at;
  std::array<float, 4> weight;
};

Taps taps_of(int i, float scale, int side) {
  constexpr float kA = -0.75f;
  const float x = (static_cast<float>(i) + 0.5f) * scale - 0.5f, first = std::floor(x), t = x - first;
  const auto near = [](float d) { return ((kA + 2.0f) * d - (kA + 3.0f)) * d * d + 1.0f; };         // d <= 1
  const auto far = [](float d) { return ((kA * d - 5.0f * kA) * d + 8.0f * kA) * d - 4.0f * kA; };  // 1 < d < 2
  Taps taps;
  taps.weight = {far(t + 1.0f), near(t), near(1.0f - t), far(2.0f - t)};
  for (int k = 0; k < 4; ++k) taps.at[whole(k)] = std::clamp(static_cast<int>(first) - 1 + k, 0, side - 1);
  return taps;
}

}  // namespace

void resize_bicubic(std::span<const float> from, int side, std::span<float> to, int size) {
  const float scale = static_cast<float>(side) / static_cast<float>(size);
  std::vector<Taps> taps;
  for (int i = 0; i < size; ++i) taps.push_back(taps_of(i, scale, side));
  std::vector<float> row(whole(side));  // the four rows of an output row, mixed
  for (int y = 0; y < size; ++y) {
    const Taps& v = taps[whole(y)];
    for (int x = 0; x < side; ++x) {
      row[whole(x)] = 0.0f;
      for (std::size_t k = 0; k < 4; ++k) row[whole(x)] += v.weight[k] * from[whole(v.at[k] * side + x)];
    }
    for (int x = 0; x < size; ++x) {
      const Taps& h = taps[whole(x)];
      float sum = 0.0f;
      for (std::size_t k = 0; k < 4; ++k) sum += h.weight[k] * row[whole(h.at[k])];
      to[whole(y * size + x)] = sum;
    }
  }
}

void picture_to_field(std::span<const float> picture, const DecoderPlan& plan, int size, std::vector<float>& square,
                      std::span<float> field) {
  const int height = plan.output.height, width = plan.output.width, channels = plan.output.channels, side = plan.side(),
            across = std::min(side, width), up = std::min(side, height), left = (side - across) / 2;
  const bool light = plan.end == PlanEnd::kLight;
  square.assign(whole(side) * whole(side), light ? 0.0f : kMaxDistance);
  for (int y = 0; y < up; ++y) {
    const float* from = picture.data() + whole(((height - up + y) * width + (width - across) / 2) * channels);
    float* to = square.data() + whole((side - up + y) * side + left);
    for (int x = 0; x < across; ++x, from += channels) {
      if (!light) {
        to[x] = from[0] * kMaxDistance / static_cast<float>(plan.span);
        continue;
      }
      float mean = 0.0f;
      for (int c = 0; c < channels; ++c) mean += from[c];
      to[x] = 1.0f - std::clamp(mean / static_cast<float>(channels), 0.0f, 1.0f);  // ink
    }
  }
  if (light) {
    std::vector<float> distance(square.size());
    signed_distance(square, side, side, distance);
    for (std::size_t i = 0; i < square.size(); ++i) square[i] = distance[i] / static_cast<float>(side);
  }
  if (size == side) {
    std::copy(square.begin(), square.end(), field.begin());
  } else {
    resize_bicubic(square, side, field, size);
  }
  for (float& d : field) d = std::clamp(d, -kMaxDistance, kMaxDistance);
}

}  // namespace ombra::model
