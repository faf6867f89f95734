#include "stage/fade.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::stage {

double Fade::step(bool on, double fade_s, double time_s) {
  const double wanted = on ? 1.0 : 0.0, passed_s = std::isfinite(time_s) ? std::max(0.0, time_s - time_s_) : 0.0;
  if (std::isfinite(time_s)) time_s_ = time_s;
  if (share_ < 0.0) return share_ = wanted;
  const double most = fade_s > 0.0 ? std::min(1.0, passed_s / fade_s) : 1.0;
  return share_ = std::clamp(wanted, share_ - most, share_ + most);
}

}  // namespace ombra::stage
