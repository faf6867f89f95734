#include "footage/video/level_split.hpp"

#include <cmath>

namespace ombra::train {
namespace {

struct Moments {
  double count = 0.0, sum = 0.0, squares = 0.0;
  void add(std::size_t level, std::uint64_t n) {
    count += static_cast<double>(n);
    sum += static_cast<double>(n) * static_cast<double>(level);
    squares += static_cast<double>(n) * static_cast<double>(level) * static_cast<double>(level);
  }
  double mean() const { return count > 0.0 ? sum / count : 0.0; }
  double spread() const { return count > 0.0 ? std::sqrt(std::max(0.0, squares / count - mean() * mean())) : 0.0; }
};

}  // namespace

LevelSplit split_at(const Histogram& histogram, double threshold) {
  Moments low, high;
  for (std::size_t v = 0; v < histogram.size(); ++v)
    (static_cast<double>(v) <= threshold ? low : high).add(v, histogram[v]);
  LevelSplit split{threshold, low.mean(), high.mean(), low.spread(), high.spread(), 0.0, 0.0};
  const double all = low.count + high.count;
  if (all == 0.0) return split;
  split.low_share = low.count / all;
  const double third = (split.high_mean - split.low_mean) / 3.0;
  for (std::size_t v = 0; v < histogram.size(); ++v) {
    const auto level = static_cast<double>(v);
    if (level > split.low_mean + third && level < split.high_mean - third)
      split.between += static_cast<double>(histogram[v]) / all;
  }
  return split;
}

LevelSplit split_levels(const Histogram& histogram) {
  Moments all, low;
  for (std::size_t v = 0; v < histogram.size(); ++v) all.add(v, histogram[v]);
  double best_variance = -1.0, best = 0.0;
  for (std::size_t v = 0; v + 1 < histogram.size(); ++v) {
    low.add(v, histogram[v]);
    const double high_count = all.count - low.count;
    if (low.count == 0.0 || high_count == 0.0) continue;
    const double step = (all.sum - low.sum) / high_count - low.mean(), variance = low.count * high_count * step * step;
    if (variance <= best_variance) continue;
    best_variance = variance;
    best = static_cast<double>(v);
  }
  LevelSplit split = split_at(histogram, best);
  split.threshold = 0.5 * (split.low_mean + split.high_mean);
  return split;
}

}  // namespace ombra::train
