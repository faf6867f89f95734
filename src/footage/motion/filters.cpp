#include "footage/motion/filters.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace ombra::train {
namespace {

// d c b a | a b c d | d c b a
std::ptrdiff_t reflect(std::ptrdiff_t i, std::ptrdiff_t n) {
  while (i < 0 || i >= n) i = i < 0 ? -i - 1 : 2 * n - i - 1;
  return i;
}

}  // namespace

std::vector<double> gaussian_filter(std::span<const double> values, double sigma) {
  std::vector<double> out(values.begin(), values.end());
  if (sigma <= 0.0 || values.empty()) return out;
  const auto reach = static_cast<std::ptrdiff_t>(4.0 * sigma + 0.5);
  std::vector<double> kernel;
  double sum = 0.0;
  for (std::ptrdiff_t k = -reach; k <= reach; ++k) {
    kernel.push_back(std::exp(-0.5 * static_cast<double>(k * k) / (sigma * sigma)));
    sum += kernel.back();
  }
  const auto n = static_cast<std::ptrdiff_t>(values.size());
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    double total = 0.0;
    for (std::ptrdiff_t k = -reach; k <= reach; ++k) {
      const std::ptrdiff_t at = i + k;
      total += kernel[k + reach] * values[at >= 0 && at < n ? at : reflect(at, n)];
    }
    out[i] = total / sum;
  }
  return out;
}

std::vector<double> median_filter(std::span<const double> values, int width) {
  std::vector<double> out(values.size()), window(static_cast<std::size_t>(width));
  const auto n = static_cast<std::ptrdiff_t>(values.size());
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    for (int k = 0; k < width; ++k) window[k] = values[reflect(i + k - width / 2, n)];
    std::nth_element(window.begin(), window.begin() + width / 2, window.end());
    out[i] = window[width / 2];
  }
  return out;
}

}  // namespace ombra::train
