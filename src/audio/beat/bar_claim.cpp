#include "audio/beat/bar_claim.hpp"

#include "core/arithmetic.hpp"

#include <algorithm>

namespace ombra::audio {
namespace {

constexpr double kMeanS = 5.0;
constexpr double kClaim = 0.75, kKeep = 0.4;  // probabilities from which a bar is claimed, and to which it is kept
constexpr double kWorth = 0.8;   // of claims that were certain, so many were right on music that was held back
constexpr double kAhead = 0.25;  // another bar is claimed when it is so much likelier

}  // namespace

void BarClaim::hear(const BarPointer::Bars& bars, std::int64_t beat, double step_s) {
  heard_s_ = std::min(heard_s_ + step_s, kMeanS);
  const double share = std::min(1.0, step_s / heard_s_);
  std::size_t slot = 0;
  for (const int beats : BarPointer::kMetres) {
    for (int k = 0; k < beats; ++k) {  // `beat` is number k of its bar
      const auto first = static_cast<std::size_t>(floor_mod(beat - k, static_cast<std::int64_t>(beats)));
      double& mean = mean_[slot + first];
      mean += share * (bars[slot + static_cast<std::size_t>(k)] - mean);
    }
    slot += static_cast<std::size_t>(beats);
  }
  const auto best = static_cast<std::size_t>(std::max_element(mean_.begin(), mean_.end()) - mean_.begin());
  if (mean_[best] >= kClaim && (!known_ || mean_[best] > mean_[meter_] + kAhead)) {
    meter_ = best;
    known_ = true;
  }
  if (mean_[meter_] < kKeep) known_ = false;
}

void BarClaim::tell(BeatGrid& grid) const {
  std::size_t first = meter_, metre = 0;
  while (first >= static_cast<std::size_t>(BarPointer::kMetres[metre]))
    first -= static_cast<std::size_t>(BarPointer::kMetres[metre++]);
  grid.beats_per_bar = BarPointer::kMetres[metre];
  grid.downbeat = static_cast<double>(first);
  grid.bar_confidence = known_ ? static_cast<float>(std::clamp(kWorth * mean_[meter_], 0.5, 1.0)) : 0.0f;
}

}  // namespace ombra::audio
