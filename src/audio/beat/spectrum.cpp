#include "audio/beat/spectrum.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace ombra::audio {
namespace {

constexpr double kHopS = 0.010;
constexpr double kWindowS = 1024.0 / 48000.0;

// the power of two nearest to kWindowS on a logarithmic scale, the longer one in doubt
std::size_t window_length(int rate_hz) {
  return std::size_t{1} << static_cast<unsigned>(std::lround(std::log2(rate_hz * kWindowS) + 0.1));
}

}  // namespace

void Spectrum::Free::operator()(kiss_fftr_state* state) const { std::free(state); }

Spectrum::Spectrum(int rate_hz) : rate_hz_(rate_hz), hop_samples_(static_cast<int>(std::lround(rate_hz * kHopS))) {
  if (rate_hz < 4000 || rate_hz > 768000) {
    throw error("sound at {} samples a second\nhint: 4000 to 768000 can be analysed; 48000 is usual", rate_hz);
  }
  window_.resize(window_length(rate_hz));
  const double n = static_cast<double>(window_.size());
  for (std::size_t i = 0; i < window_.size(); ++i) {
    // periodic Hann, scaled so that a sine of amplitude 1 gives a bin of 1
    window_[i] = static_cast<float>((1.0 - std::cos(2.0 * std::numbers::pi * static_cast<double>(i) / n)) * 2.0 / n);
  }
  plan_.reset(kiss_fftr_alloc(static_cast<int>(window_.size()), 0, nullptr, nullptr));
  history_.assign(window_.size(), 0.0f);
  windowed_.assign(window_.size(), 0.0f);
  bins_.resize(window_.size() / 2 + 1);
  amplitude_.assign(bins_.size(), 0.0f);
}

std::span<const float> Spectrum::transform(std::span<const float> hop) {
  const std::size_t n = std::min(hop.size(), history_.size());
  std::copy(history_.begin() + static_cast<std::ptrdiff_t>(n), history_.end(), history_.begin());
  std::copy(hop.end() - static_cast<std::ptrdiff_t>(n), hop.end(), history_.end() - static_cast<std::ptrdiff_t>(n));
  for (std::size_t i = 0; i < windowed_.size(); ++i) windowed_[i] = history_[i] * window_[i];
  kiss_fftr(plan_.get(), windowed_.data(), bins_.data());
  for (std::size_t i = 0; i < bins_.size(); ++i) amplitude_[i] = std::hypot(bins_[i].r, bins_[i].i);
  return amplitude_;
}

}  // namespace ombra::audio
