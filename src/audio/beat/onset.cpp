#include "audio/beat/onset.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kFactor = 1.6, kConstant = 0.10;
constexpr double kGapS = 0.060;     // two onsets closer than this are one
constexpr double kAttackS = 0.025;  // an onset may still grow for this long after it was found
constexpr double kDecayS = 0.200;   // time to fall to 5 %
constexpr double kForgetS = 10.0, kScaleFloor = 0.25;

}  // namespace

double OnsetDetector::threshold() const {
  auto sorted = past_;
  const auto middle = sorted.begin() + sorted.size() / 2;
  std::nth_element(sorted.begin(), middle, sorted.end());
  return kFactor * *middle + kConstant;
}

bool OnsetDetector::push(double flux) {
  const bool peak = flux > threshold() && flux >= last_[0] && flux >= last_[1] && since_s_ >= kGapS;
  past_[next_] = flux;
  next_ = (next_ + 1) % past_.size();
  last_[1] = last_[0];
  last_[0] = flux;
  since_s_ += hop_s_;
  scale_ = std::max({kScaleFloor, scale_ * std::exp2(-hop_s_ / kForgetS), flux});
  strength_ = static_cast<float>(std::min(1.0, flux / scale_));
  envelope_ *= static_cast<float>(std::exp(std::log(0.05) * hop_s_ / kDecayS));
  if (peak) {
    since_s_ = 0.0;
    ++count_;
  }
  if (peak || (since_s_ <= kAttackS && count_ > 0)) envelope_ = std::max(envelope_, strength_);
  return peak;
}

}  // namespace ombra::audio
