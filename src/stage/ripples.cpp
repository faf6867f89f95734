#include "stage/ripples.hpp"

#include <algorithm>

namespace ombra::stage {
namespace {

constexpr float kRise = 0.05f, kFall = 0.03f;  // smaller ones are no rise, no fall
constexpr float kWeakest = 0.3f;               // a ripple that is weaker is not seen

}  // namespace

void Ripples::see(float flash, double time_s) {
  time_s_ = time_s;
  if (rising_) {
    turn_ = std::max(turn_, flash);
    if (flash < turn_ - kFall) rising_ = false, turn_ = flash;
    return;
  }
  turn_ = std::min(turn_, flash);
  if (flash <= turn_ + kRise) return;
  std::rotate(begun_s_.begin(), begun_s_.end() - 1, begun_s_.end());
  std::rotate(strength_.begin(), strength_.end() - 1, strength_.end());
  begun_s_[0] = time_s;
  strength_[0] = std::max(flash, kWeakest);
  rising_ = true, turn_ = flash;
}

void Ripples::write(FrameUniforms& u) const {
  for (int i = 0; i < 4; ++i) {
    u.ripple_age[i] = static_cast<float>(std::clamp(time_s_ - begun_s_[i], 0.0, 100.0));
    u.ripple_strength[i] = strength_[i];
  }
}

}  // namespace ombra::stage
