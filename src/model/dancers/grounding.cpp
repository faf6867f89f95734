#include "model/dancers/grounding.hpp"

#include <algorithm>

namespace ombra::model {

namespace {
constexpr double kFall = 0.5;      // share of the way down, a tick
constexpr double kMaxShift = 0.2;  // metres: more than that is a leap, or a pose that no floor explains
}  // namespace

Grounding::Grounding(const PoseCode& code, double ticks_per_beat)
    : up_(upwards(code)), rise_(1.0 / (2.0 * ticks_per_beat)) {
  for (std::size_t f = 0; f < kSoles.size(); ++f) {
    feet_[f] = height_of(code, kSoles[f].joint);
    feet_[f].middle -= static_cast<double>(kSoles[f].height);
  }
}

double Grounding::lowest(std::span<const float> code) const {
  double low = 1e9;
  for (const JointHeight& foot : feet_) {
    double height = foot.middle;
    for (std::size_t i = 0; i < code.size(); ++i) height += foot.slope[i] * static_cast<double>(code[i]);
    low = std::min(low, height);
  }
  return low;
}

void Grounding::ground(std::span<float> code) {
  const double low = lowest(code);
  if (fresh_) floor_ = low;
  fresh_ = false;
  floor_ += (low - floor_) * (low < floor_ ? kFall : rise_);
  const auto shift = static_cast<float>(std::clamp(-floor_, -kMaxShift, kMaxShift));
  for (std::size_t i = 0; i < code.size(); ++i) code[i] += shift * up_[i];
}

}  // namespace ombra::model
