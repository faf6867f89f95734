#pragma once
// Order statistics of a handful of numbers. Thread: any.

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace ombra {

// -> the value below which this share (0..1) of the values lies; 0 when there are none
inline double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0.0;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

inline double median(std::vector<double> values) { return quantile(std::move(values), 0.5); }

}  // namespace ombra
