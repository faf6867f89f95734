#pragma once
// The energy of a dance that nobody steers: wanders as in the footage, AR(1) from move to move with deviation 0.8.
// Thread: one owner.

#include "core/rng.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::train {

class EnergyWalk {
 public:
  explicit EnergyWalk(std::uint64_t seed) : rng_(seed), at_(kDeviation * rng_.normal()) {}

  void step() { at_ = kKept * at_ + std::sqrt(1.0 - kKept * kKept) * kDeviation * rng_.normal(); }
  // -> as DanceControls::energy
  float energy() const { return static_cast<float>(std::max(-1.0, at_)); }

 private:
  static constexpr double kKept = 0.95, kDeviation = 0.8;

  Rng rng_;
  double at_;
};

}  // namespace ombra::train
