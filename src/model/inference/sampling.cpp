#include "model/inference/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ombra::model {

void Nucleus::set(std::span<const float> logits, double temperature, double top_p) {
  best_ = static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin());
  weights_.clear();
  if (temperature <= 0.0) return;
  const float most = logits[static_cast<std::size_t>(best_)];
  const double mild = std::min(temperature, 1.0);
  const auto weight = [&](float logit, double at) { return std::exp((logit - most) / at); };
  order_.clear();
  double sum = 0.0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    // no number ranks last, so that the order is one
    const float logit = std::isnan(logits[i]) ? -std::numeric_limits<float>::infinity() : logits[i];
    order_.push_back({logit, static_cast<int>(i)});
    if (logit - most > -40.0 * mild) sum += weight(logit, mild);  // others are nothing beside the largest
  }
  const auto ranks_later = [](const Entry& a, const Entry& b) {
    return a.logit != b.logit ? a.logit < b.logit : a.index > b.index;
  };
  std::make_heap(order_.begin(), order_.end(), ranks_later);
  double kept = 0.0;
  sum_ = 0.0;
  for (auto end = order_.end(); end != order_.begin() && (weights_.empty() || kept < top_p * sum); --end) {
    std::pop_heap(order_.begin(), end, ranks_later);
    const float logit = (end - 1)->logit;
    kept += weight(logit, mild);
    weights_.push_back(weight(logit, temperature));
    sum_ += weights_.back();
  }
}

int Nucleus::draw(Rng& rng) const {
  if (weights_.empty()) return best_;
  double at = rng.uniform() * sum_;
  std::size_t i = 0;
  for (; i + 1 < weights_.size(); ++i) {
    at -= weights_[i];
    if (at < 0.0) break;
  }
  return order_[order_.size() - 1 - i].index;
}

int sample_softmax(std::span<const float> logits, double temperature, double top_p, Rng& rng) {
  Nucleus nucleus;
  nucleus.set(logits, temperature, top_p);
  return nucleus.draw(rng);
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
