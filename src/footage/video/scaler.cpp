#include "footage/video/scaler.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::train {

Scaler::Scaler(int from_width, int from_height, const Crop& crop, int to_width, int to_height)
    : from_width_(from_width),
      from_height_(from_height),
      columns_(taps(crop.x, crop.width, to_width)),
      rows_(taps(crop.y, crop.height, to_height)) {}

std::vector<Scaler::Tap> Scaler::taps(double start, double length, int count) {
  std::vector<Tap> result(static_cast<std::size_t>(count));
  const double step = length / count;
  for (int i = 0; i < count; ++i) {
    Tap& tap = result[static_cast<std::size_t>(i)];
    if (step >= 1.0) {
      const double from = start + i * step, till = from + step;
      tap.first = static_cast<int>(std::floor(from));
      for (int p = tap.first; p < till; ++p)
        tap.weights.push_back(static_cast<float>((std::min(till, p + 1.0) - std::max(from, double(p))) / step));
    } else {
      const double at = start + (i + 0.5) * step - 0.5;
      tap.first = static_cast<int>(std::floor(at));
      const auto part = static_cast<float>(at - tap.first);
      tap.weights = {1.0f - part, part};
    }
  }
  return result;
}

void Scaler::scale(std::span<const std::uint8_t> in, int channels, float outside, std::span<float> out) const {
  const auto colours = static_cast<std::size_t>(channels), width = columns_.size() * colours;
  const int first_row = rows_.front().first,
            last_row = rows_.back().first + static_cast<int>(rows_.back().weights.size()) - 1;
  const bool repeat = outside < 0.0f;
  // every row of the picture that is needed, already narrow
  const int low = std::clamp(first_row, 0, from_height_ - 1), high = std::clamp(last_row, 0, from_height_ - 1);
  std::vector<float> narrow(static_cast<std::size_t>(high - low + 1) * width);
  for (int y = low; y <= high; ++y) {
    const std::uint8_t* row = &in[static_cast<std::size_t>(y) * static_cast<std::size_t>(from_width_) * colours];
    float* to = &narrow[static_cast<std::size_t>(y - low) * width];
    for (const Tap& tap : columns_) {
      for (std::size_t c = 0; c < colours; ++c) {
        float sum = 0.0f;
        for (std::size_t k = 0; k < tap.weights.size(); ++k) {
          const int x = tap.first + static_cast<int>(k);
          const int near = std::clamp(x, 0, from_width_ - 1);
          sum += tap.weights[k] * (x == near || repeat ? row[static_cast<std::size_t>(near) * colours + c] : outside);
        }
        *to++ = sum;
      }
    }
  }
  const std::vector<float> beyond(width, outside);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Tap& tap = rows_[i];
    const auto to = out.subspan(i * width, width);
    std::fill(to.begin(), to.end(), 0.0f);
    for (std::size_t k = 0; k < tap.weights.size(); ++k) {
      const int y = tap.first + static_cast<int>(k);
      const int near = std::clamp(y, low, high);
      const float* row = y == near || repeat ? &narrow[static_cast<std::size_t>(near - low) * width] : beyond.data();
      for (std::size_t x = 0; x < width; ++x) to[x] += tap.weights[k] * row[x];
    }
  }
}

}  // namespace ombra::train
