#include "footage/data/resample.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::train {

Resample::Resample(int from_width, int from_height, int to_width, int to_height)
    : from_width_(from_width),
      from_height_(from_height),
      to_width_(to_width),
      to_height_(to_height),
      scale_(std::min(static_cast<double>(to_width) / from_width, static_cast<double>(to_height) / from_height)),
      columns_(taps(from_width, to_width, scale_, (to_width - from_width * scale_) / 2.0)),
      rows_(taps(from_height, to_height, scale_, to_height - from_height * scale_)) {}

// offset: where the picture begins in the frame, in pixels of the frame
std::vector<Resample::Taps> Resample::taps(int from, int to, double scale, double offset) {
  std::vector<Taps> all(static_cast<std::size_t>(to));
  const double reach = std::max(1.0, 1.0 / scale);  // half the filter's width, in pixels of the picture
  for (int i = 0; i < to; ++i) {
    const double at = (i + 0.5 - offset) / scale - 0.5;
    if (at < -0.5 - 1e-9 || at > from - 0.5 + 1e-9) continue;
    Taps& t = all[static_cast<std::size_t>(i)];
    t.first = std::max(0, static_cast<int>(std::ceil(at - reach)));
    const int last = std::min(from - 1, static_cast<int>(std::floor(at + reach)));
    float sum = 0.0f;
    for (int k = t.first; k <= last; ++k) {
      t.weights.push_back(static_cast<float>(std::max(0.0, 1.0 - std::abs(k - at) / reach)));
      sum += t.weights.back();
    }
    for (float& w : t.weights) w /= sum;
  }
  return all;
}

void Resample::run(std::span<const float> from, float ground, std::span<float> to) const {
  const auto fw = static_cast<std::size_t>(from_width_), fh = static_cast<std::size_t>(from_height_),
             tw = static_cast<std::size_t>(to_width_), th = static_cast<std::size_t>(to_height_);
  OMBRA_ASSERT(from.size() == fw * fh && to.size() == tw * th);
  thread_local std::vector<float> wide;  // [from_height][to_width]
  wide.resize(fh * tw);
  for (std::size_t y = 0; y < fh; ++y) {
    for (std::size_t x = 0; x < tw; ++x) {
      const Taps& t = columns_[x];
      const float* row = from.data() + y * fw + static_cast<std::size_t>(t.first);
      float sum = 0.0f;
      for (std::size_t k = 0; k < t.weights.size(); ++k) sum += t.weights[k] * row[k];
      wide[y * tw + x] = t.weights.empty() ? ground : sum;
    }
  }
  for (std::size_t y = 0; y < th; ++y) {
    const Taps& t = rows_[y];
    float* row = to.data() + y * tw;
    std::fill_n(row, tw, t.weights.empty() ? ground : 0.0f);
    for (std::size_t k = 0; k < t.weights.size(); ++k) {
      const float* source = wide.data() + (static_cast<std::size_t>(t.first) + k) * tw;
      for (std::size_t x = 0; x < tw; ++x) row[x] += t.weights[k] * source[x];
    }
  }
}

}  // namespace ombra::train
