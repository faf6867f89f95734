#pragma once
// The level that splits a histogram of two humps best.
// Thread: any.

#include <array>
#include <cstdint>

namespace ombra::train {

using Histogram = std::array<std::uint64_t, 256>;

struct LevelSplit {
  double threshold = 0.0;                      // halfway between the two means
  double low_mean = 0.0, high_mean = 0.0;      // of the levels up to the threshold and above it
  double low_spread = 0.0, high_spread = 0.0;  // standard deviations
  double low_share = 0.0;                      // of all values
  double between = 0.0;  // share of all values in the middle third between the means: 0 when the humps are well apart
};

// After Otsu, "A threshold selection method from gray-level histograms" (1979): the split with the largest variance
// between its two sides.
LevelSplit split_levels(const Histogram& histogram);
// What a given split does to a histogram. threshold: kept as it is
LevelSplit split_at(const Histogram& histogram, double threshold);

}  // namespace ombra::train
