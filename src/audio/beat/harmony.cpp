#include "audio/beat/harmony.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace ombra::audio {
namespace {

constexpr double kSlowHz = 5600.0;     // about the rate that is analysed
constexpr std::size_t kWindow = 1024;  // of those samples
constexpr double kLowestHz = 40.0;
constexpr std::size_t kTapsPerSample = 8;  // length of the low pass, in slow samples
constexpr double kCutoff = 0.40;           // of the slow rate
constexpr double kCompression = 100.0;

}  // namespace

void Harmony::Free::operator()(kiss_fftr_state* state) const { std::free(state); }

Harmony::Harmony(int rate_hz) {
  every_ = static_cast<std::size_t>(std::max(1L, std::lround(rate_hz / kSlowHz)));
  const double slow_hz = static_cast<double>(rate_hz) / static_cast<double>(every_);
  const std::size_t taps = kTapsPerSample * every_ + 1;
  double sum = 0.0;
  for (std::size_t i = 0; i < taps; ++i) {  // a windowed sinc
    const double x = static_cast<double>(i) - 0.5 * static_cast<double>(taps - 1);
    const double turn = 2.0 * std::numbers::pi * kCutoff * x / static_cast<double>(every_);
    const double hann = 0.5 + 0.5 * std::cos(2.0 * std::numbers::pi * x / static_cast<double>(taps + 1));
    low_pass_.push_back(static_cast<float>(hann * (x == 0.0 ? 1.0 : std::sin(turn) / turn)));
    sum += low_pass_.back();
  }
  for (float& tap : low_pass_) tap /= static_cast<float>(sum);
  for (std::size_t i = 0; i < kWindow; ++i) {
    const double turn = 2.0 * std::numbers::pi * static_cast<double>(i) / kWindow;
    window_.push_back(static_cast<float>((1.0 - std::cos(turn)) * 2.0 / kWindow));
  }
  step_ = kWindow / 4;
  delay_s_ = (0.5 * kWindow + 0.5 * kTapsPerSample) / slow_hz;
  const double bin_hz = slow_hz / kWindow;
  for (std::size_t i = 0; i <= kNotes; ++i) {
    const double edge_hz = kLowestHz * std::exp2((static_cast<double>(i) - 0.5) / 12.0);
    first_bin_[i] = std::min(kWindow / 2, static_cast<std::size_t>(std::ceil(edge_hz / bin_hz)));
  }
  plan_.reset(kiss_fftr_alloc(kWindow, 0, nullptr, nullptr));
  recent_.assign(taps, 0.0f);
  slow_.assign(kWindow, 0.0f);
  windowed_.assign(kWindow, 0.0f);
  bins_.resize(kWindow / 2 + 1);
  until_slow_ = every_;
  until_spectrum_ = step_;
}

bool Harmony::push(std::span<const float> mono, double reference) {
  bool fresh = false;
  const std::size_t taps = recent_.size();
  for (const float x : mono) {
    recent_[recent_at_] = x;
    recent_at_ = recent_at_ + 1 < taps ? recent_at_ + 1 : 0;
    if (--until_slow_ > 0) continue;
    until_slow_ = every_;
    float y = 0.0f;
    const std::size_t head = taps - recent_at_;  // the low pass is symmetric: oldest first will do
    for (std::size_t i = 0; i < head; ++i) y += low_pass_[i] * recent_[recent_at_ + i];
    for (std::size_t i = head; i < taps; ++i) y += low_pass_[i] * recent_[i - head];
    slow_[slow_at_] = y;
    slow_at_ = (slow_at_ + 1) % kWindow;
    if (--until_spectrum_ > 0) continue;
    until_spectrum_ = step_;
    find_notes(reference);
    fresh = true;
  }
  return fresh;
}

void Harmony::find_notes(double reference) {
  for (std::size_t i = 0; i < kWindow; ++i) windowed_[i] = window_[i] * slow_[(slow_at_ + i) % kWindow];
  kiss_fftr(plan_.get(), windowed_.data(), bins_.data());
  const double scale = kCompression / std::max(reference, 1e-6);
  for (std::size_t n = 0; n < kNotes; ++n) {
    double power = 0.0;
    for (std::size_t i = first_bin_[n]; i < first_bin_[n + 1]; ++i)
      power += static_cast<double>(bins_[i].r) * bins_[i].r + static_cast<double>(bins_[i].i) * bins_[i].i;
    notes_[n] = static_cast<float>(std::log1p(scale * std::sqrt(power)));
  }
}

}  // namespace ombra::audio
