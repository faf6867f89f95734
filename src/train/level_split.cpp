#include "train/level_split.hpp"

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

LevelSplit split_levels(const Histogram& histogram) {
  Moments all;
  for (std::size_t v = 0; v < histogram.size(); ++v) all.add(v, histogram[v]);
  LevelSplit best;
  if (all.count == 0.0) return best;
  double best_variance = -1.0;
  Moments low;
  for (std::size_t v = 0; v + 1 < histogram.size(); ++v) {
    low.add(v, histogram[v]);
    const double high_count = all.count - low.count;
    if (low.count == 0.0 || high_count == 0.0) continue;
    const double step = (all.sum - low.sum) / high_count - low.mean(), variance = low.count * high_count * step * step;
    if (variance <= best_variance) continue;
    best_variance = variance;
    Moments high{high_count, all.sum - low.sum, all.squares - low.squares};
    best = {0.5 * (low.mean() + high.mean()), low.mean(), high.mean(), low.spread(), high.spread(), low.count / all.count, 0.0};
  }
  const double third = (best.high_mean - best.low_mean) / 3.0;
  for (std::size_t v = 0; v < histogram.size(); ++v) {
    const auto level = static_cast<double>(v);
    if (level > best.low_mean + third && level < best.high_mean - third)
      best.between += static_cast<double>(histogram[v]) / all.count;
  }
  return best;
}

}  // namespace ombra::train
