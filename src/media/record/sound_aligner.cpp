#include "media/record/sound_aligner.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ombra::media {
namespace {

constexpr double kSmoothS = 1.0;  // time stamps of single pieces are some milliseconds off
constexpr double kPullS = 8.0;    // a slip is worked off in about this time
constexpr double kAdjustEveryS = 0.25;
constexpr std::size_t kTidyFrames = 1 << 16;

}  // namespace

SoundAligner::SoundAligner(double start_s, int rate_hz, std::string file)
    : start_s_(start_s), rate_hz_(rate_hz), file_(std::move(file)) {}

double SoundAligner::known_s() const {
  return stream_s(static_cast<double>(made()) + (resampler_ ? resampler_->inside() : 0.0));
}

void SoundAligner::silence_until(double time_s) {
  if (resampler_) resampler_->drain(ready_);
  resampler_.reset();
  slip_s_ = 0.0;
  const double frames = std::round((time_s - start_s_) * rate_hz_) - static_cast<double>(made());
  if (frames > 0.0) ready_.resize(ready_.size() + 2 * static_cast<std::size_t>(frames), 0.0f);
}

void SoundAligner::fill_until(double time_s) {
  if (known_s() < time_s) silence_until(time_s);
}

void SoundAligner::push(std::span<const float> stereo, int rate_hz, double end_s) {
  const double seconds = static_cast<double>(stereo.size() / 2) / rate_hz;
  if (resampler_ && resampler_->from_hz() != rate_hz) silence_until(0.0);
  double slip_s = end_s - seconds - known_s();
  const double most_s = resampler_ && !twice_ ? kMaxSlipS : 0.0;
  if (slip_s > most_s) {
    silence_until(end_s - seconds);
    slip_s = 0.0;
  } else if (slip_s < -most_s) {
    const auto twice = static_cast<std::size_t>(std::min(-slip_s, seconds) * rate_hz);
    stereo = stereo.subspan(2 * twice);
    slip_s = slip_s_ = 0.0;
  }
  twice_ = stereo.empty();
  if (twice_) return;
  if (!resampler_) resampler_.emplace(rate_hz, rate_hz_, 2, file_, true);
  slip_s_ += std::min(1.0, seconds / kSmoothS) * (slip_s - slip_s_);
  if (std::abs(end_s - adjusted_s_) >= kAdjustEveryS) {
    resampler_->adjust(std::clamp(slip_s_ / kPullS, -kMaxShare, kMaxShare));
    adjusted_s_ = end_s;
  }
  resampler_->push(stereo, ready_);
}

void SoundAligner::take(std::size_t frames) {
  taken_ += std::min(frames, ready_.size() / 2 - taken_);
  if (taken_ < kTidyFrames) return;
  ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(2 * taken_));
  before_ += std::exchange(taken_, 0);
}

}  // namespace ombra::media
