#include "model/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace ombra::model {

int sample_softmax(std::span<const float> logits, double temperature, double top_p, Rng& rng) {
  const auto best = static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin());
  if (temperature <= 0.0) return best;
  std::vector<int> order(logits.size());
  std::iota(order.begin(), order.end(), 0);
  const auto value = [&](int i) {  // no number ranks last, so that the order is one
    const float v = logits[static_cast<std::size_t>(i)];
    return std::isnan(v) ? -std::numeric_limits<float>::infinity() : v;
  };
  std::sort(order.begin(), order.end(), [&](int a, int b) {
    const float x = value(a), y = value(b);
    return x != y ? x > y : a < b;
  });
  const auto weight = [&](std::size_t i, double at) {
    return std::exp((logits[static_cast<std::size_t>(order[i])] - logits[static_cast<std::size_t>(best)]) / at);
  };
  const double mild = std::min(temperature, 1.0);
  double sum = 0.0, kept = 0.0, drawn_from = 0.0;
  for (std::size_t i = 0; i < order.size(); ++i) sum += weight(i, mild);
  std::size_t n = 0;
  while (n < order.size() && (n == 0 || kept < top_p * sum)) {
    kept += weight(n, mild);
    drawn_from += weight(n, temperature);
    ++n;
  }
  double at = rng.uniform() * drawn_from;
  for (std::size_t i = 0; i < n; ++i) {
    at -= weight(i, temperature);
    if (at < 0.0) return order[i];
  }
  return order[n - 1];
}

void sample_mixture(std::span<const float> parameters, int components, double temperature, Rng& rng,
                    std::span<float> out) {
  const auto k = static_cast<std::size_t>(components), z = out.size();
  const auto chosen = static_cast<std::size_t>(sample_softmax(parameters.first(k), temperature, 1.0, rng));
  const auto mean = parameters.subspan(k + chosen * z, z),
             log_deviation = parameters.subspan(k + k * z + chosen * z, z);
  const double widen = std::sqrt(std::max(0.0, temperature));
  for (std::size_t i = 0; i < z; ++i) {
    const double deviation =
        widen > 0.0 ? std::exp(std::clamp(static_cast<double>(log_deviation[i]), -7.0, 3.0)) * widen : 0.0;
    out[i] = static_cast<float>(mean[i] + (deviation > 0.0 ? deviation * rng.normal() : 0.0));
  }
}

}  // namespace ombra::model
