#include "audio/beat/features.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kBassHz = 150.0, kTrebleHz = 2000.0;
constexpr double kBandsFromHz = 40.0, kBandsToHz = 16000.0, kBandsPerOctave = 6.0;
constexpr double kCompression = 100.0;  // log(1 + c a): amplitudes 40 dB below the reference begin to count
// a band without sound of its own may be amplified up to this share of the whole, no further
constexpr std::array<double, 3> kBandFloor = {0.10, 0.20, 0.04};
// the hiss of an idle input must not look like music: strengths fade out between these levels
constexpr double kGateClosedDb = -72.0, kGateOpenDb = -64.0;

// The rise of a band against the loudest of its neighbourhood earlier.
float rise_of(const std::vector<float>& now, const std::vector<float>& earlier, std::size_t b) {
  float past = earlier[b];
  if (b > 0) past = std::max(past, earlier[b - 1]);
  if (b + 1 < earlier.size()) past = std::max(past, earlier[b + 1]);
  return std::max(0.0f, now[b] - past);
}

float gate(double rms) {
  const double db = 20.0 * std::log10(std::max(rms, 1e-9));
  return static_cast<float>(std::clamp((db - kGateClosedDb) / (kGateOpenDb - kGateClosedDb), 0.0, 1.0));
}

}  // namespace

Features::Features(int rate_hz)
    : spectrum_(rate_hz), ear_bands_(spectrum_.bin_hz(), static_cast<std::size_t>(spectrum_.window_samples()) / 2 + 1) {
  const int top = spectrum_.window_samples() / 2;
  int first = 1;
  for (double hz = kBandsFromHz; hz < kBandsToHz && first < top; hz *= std::exp2(1.0 / kBandsPerOctave)) {
    const int last = std::min(top, static_cast<int>(hz * std::exp2(1.0 / kBandsPerOctave) / spectrum_.bin_hz()));
    if (last < first) continue;  // low bands narrower than a bin are merged
    bands_.push_back({first, last});
    first = last + 1;
  }
  for (auto& log : logs_) log.assign(bands_.size(), 0.0f);
}

HopFeatures Features::analyse(std::span<const float> hop) {
  HopFeatures out;
  double energy = 0.0;
  for (const float x : hop) {
    energy += static_cast<double>(x) * x;
    out.peak = std::max(out.peak, std::abs(x));
  }
  out.rms = std::sqrt(energy / static_cast<double>(hop.size()));
  out.reference = loudness_.follow(out.rms, hop_s());
  const float open = gate(out.rms);
  out.level = open * loudness_.strength(out.rms);

  const auto amplitude = spectrum_.transform(hop);
  std::array<double, 3> power{};
  for (std::size_t i = 1; i < amplitude.size(); ++i) {
    const double hz = static_cast<double>(i) * spectrum_.bin_hz();
    power[hz < kBassHz ? 0 : hz < kTrebleHz ? 1 : 2] += static_cast<double>(amplitude[i]) * amplitude[i];
  }
  std::array<float*, 3> strength = {&out.bass, &out.mid, &out.treble};
  for (std::size_t b = 0; b < 3; ++b) {
    const double rms =
        std::sqrt(power[b] / 3.0);  // amplitude to RMS (1 / 2) and the Hann window's noise width (1 / 1.5)
    if (b == 0) out.bass_rms = rms;
    band_gain_[b].follow(rms, hop_s(), kBandFloor[b] * out.reference);
    *strength[b] = open * band_gain_[b].strength(rms);
  }

  std::rotate(logs_.begin(), logs_.end() - 1, logs_.end());  // the oldest is overwritten
  auto& current = logs_[0];
  const auto& earlier = logs_[kLag];
  const double scale = kCompression / out.reference;
  for (std::size_t b = 0; b < bands_.size(); ++b) {
    double sum = 0.0;
    for (int i = bands_[b].first; i <= bands_[b].last; ++i) {
      sum += static_cast<double>(amplitude[static_cast<std::size_t>(i)]) * amplitude[static_cast<std::size_t>(i)];
    }
    current[b] = static_cast<float>(std::log1p(scale * std::sqrt(sum)));
  }
  for (std::size_t b = 0; b < bands_.size(); ++b) {
    out.flux += rise_of(current, earlier, b);
  }
  out.flux /= static_cast<double>(bands_.size());
  return out;
}

}  // namespace ombra::audio
