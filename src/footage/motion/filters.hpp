#pragma once
// Filters over time, with values mirrored at both ends.
// Thread: any.

#include "core/quantile.hpp"

#include <span>
#include <vector>

namespace ombra::train {

// Gaussian low-pass, cut off at four sigma; sigma in samples, <= 0 leaves the values alone
std::vector<double> gaussian_filter(std::span<const double> values, double sigma);

// Median over width (odd) samples
std::vector<double> median_filter(std::span<const double> values, int width);

}  // namespace ombra::train
