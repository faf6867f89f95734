#include "media/write/patience.hpp"

#include "core/clock.hpp"

namespace ombra::media {

void Patience::allow(double seconds) { call_s_ = now_s() + seconds; }

void Patience::end_in(double seconds) { end_s_ = now_s() + seconds; }

bool Patience::over() const {
  const double now = now_s();
  return now > call_s_ || now > end_s_;
}

AVIOInterruptCB Patience::callback() {
  return {[](void* patience) { return static_cast<const Patience*>(patience)->over() ? 1 : 0; }, this};
}

}  // namespace ombra::media
