#include "model/dancers/foothold.hpp"

#include "model/dancers/grounding.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::model {

namespace {

constexpr double kBackBeats = 4.0;  // in which what was taken is given back, but for 1/e
// Of the slide: all of it would cost stops on the beat, which are rehearsed without this.
constexpr float kHold = 0.6f;
constexpr float kMostM = 0.3f;                 // that the dancer may be moved by
constexpr float kDownM = 0.02f, kUpM = 0.06f;  // height of a sole that bears the body, and of one that does not
constexpr float kStepM = 0.06f;                // a tick: a foot that moves further does not stand

}  // namespace

Foothold::Foothold(const PoseCode& code, double ticks_per_beat)
    : code_(code), kept_(static_cast<float>(std::exp(-1.0 / (kBackBeats * ticks_per_beat)))) {}

void Foothold::hold(std::span<float> code) {
  const Pose3 now = decode(code_, code);
  x_ *= kept_, z_ *= kept_;
  if (before_) {
    float sum = 0.0f, x = 0.0f, z = 0.0f;
    for (const Sole& sole : kSoles) {
      const auto j = static_cast<std::size_t>(sole.joint);
      const float dx = now[j].x - (*before_)[j].x, dz = now[j].z - (*before_)[j].z;
      const float height = std::max(now[j].y, (*before_)[j].y) - sole.height;
      const float bears = std::clamp((kUpM - height) / (kUpM - kDownM), 0.0f, 1.0f);
      const float far = std::hypot(dx, dz) / kStepM, stands = bears * std::exp(-far * far);
      sum += stands, x += stands * dx, z += stands * dz;
    }
    if (!std::isfinite(x + z)) sum = 0.0f, x = 0.0f, z = 0.0f;  // a broken model's code
    const float share = sum > 0.0f ? kHold * std::min(1.0f, sum) / sum : 0.0f;
    x_ = std::clamp(x_ - share * x, -kMostM, kMostM);
    z_ = std::clamp(z_ - share * z, -kMostM, kMostM);
  }
  before_ = now;
  shift(code_, x_, 0.0f, z_, code);
}

}  // namespace ombra::model
