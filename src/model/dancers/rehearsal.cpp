#include "model/dancers/rehearsal.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace ombra::model {
namespace {

constexpr double kMinSpeed = 1e-3;  // code units a tick: nobody stands stiller

}  // namespace

double beat_fit(std::span<const float> steps, std::size_t joint, bool on_beat) {
  double mean = 0.0;
  for (const float s : steps) mean += static_cast<double>(s) / static_cast<double>(steps.size());
  const double there = 0.5 * steps[joint] + 0.25 * (steps[joint - 1] + steps[joint + 1]);
  const double slower = std::log((mean + kMinSpeed) / (there + kMinSpeed));
  return on_beat ? slower : -slower;
}

int choose_fitting(std::span<const double> fits, Rng& rng) {
  const double best = *std::max_element(fits.begin(), fits.end());
  std::vector<double> until;
  double sum = 0.0;
  for (const double fit : fits) until.push_back(sum += std::exp(fit - best));
  const auto at = std::upper_bound(until.begin(), until.end(), rng.uniform() * sum) - until.begin();
  return static_cast<int>(std::min(static_cast<std::size_t>(at), fits.size() - 1));
}

}  // namespace ombra::model
