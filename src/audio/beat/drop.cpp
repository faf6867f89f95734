#include "audio/beat/drop.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kBeats = 8.0;  // two bars
constexpr double kGone = 0.35;  // of the full bass
constexpr double kBack = 0.60;
constexpr double kFastS = 0.15, kSlowS = 1.0;
constexpr double kForgetS = 90.0;  // half-life of the full bass
constexpr double kMin = 0.25;      // of the loudness reference: less than this is no bass
constexpr double kSilenceS = 1.0;

}  // namespace

bool DropDetector::push(double bass_rms, double reference, double bpm, bool silent) {
  fast_ += (bass_rms - fast_) * hop_s_ / kFastS;
  slow_ += (bass_rms - slow_) * hop_s_ / kSlowS;
  full_ = std::max({full_ * std::exp2(-hop_s_ / kForgetS), slow_, kMin * reference});
  silent_s_ = silent ? silent_s_ + hop_s_ : 0.0;
  envelope_ = std::max(0.0f, envelope_ - static_cast<float>(hop_s_));

  if (silent_s_ > kSilenceS) {
    missing_beats_ = 0.0;  // the start of a piece is not a drop
    return false;
  }
  const bool drop = missing_beats_ >= kBeats && fast_ > kBack * full_;
  if (slow_ < kGone * full_) {
    missing_beats_ += hop_s_ * bpm / 60.0;
  } else if (fast_ > kBack * full_ || slow_ > kBack * full_) {
    missing_beats_ = 0.0;
  }
  if (!drop) return false;
  missing_beats_ = 0.0;
  envelope_ = 1.0f;
  ++count_;
  return true;
}

}  // namespace ombra::audio
