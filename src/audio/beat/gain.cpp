#include "audio/beat/gain.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kPauseS = 1.0;  // silence for longer is a pause of the music: the gain waits

}  // namespace

double Gain::follow(double rms, double hop_s, double floor) {
  if (rms > settings_.floor) {
    // an average at first, then a follower with the full time constant
    const double time_s = std::clamp(heard_s_, hop_s, settings_.attack_s);
    if (rms > reference_) reference_ += (rms - reference_) * std::min(1.0, hop_s / time_s);
    heard_s_ += hop_s;
    quiet_s_ = 0.0;
  } else {
    quiet_s_ += hop_s;
  }
  if (heard_s_ > 0.0 && quiet_s_ < kPauseS && rms < reference_) {
    const bool lost = rms < reference_ * std::pow(10.0, -settings_.lost_db / 20.0);
    lost_s_ = lost ? lost_s_ + hop_s : 0.0;
    const double speed = lost_s_ > settings_.lost_s ? 10.0 : 1.0;
    reference_ *= std::pow(10.0, -settings_.release_db_per_s * speed * hop_s / 20.0);
  } else {
    lost_s_ = 0.0;
  }
  reference_ = std::max({reference_, settings_.floor, floor});
  return reference_;
}

float Gain::strength(double rms) const {
  return static_cast<float>(std::min(1.0, std::pow(std::max(0.0, rms) / reference_, 0.6)));
}

}  // namespace ombra::audio
