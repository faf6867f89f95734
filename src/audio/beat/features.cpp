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

constexpr double kHatHz = 2500.0;        // accents: bass below kBassHz, hats from here on
constexpr double kSnareHz = 600.0;       // between the two: tones below this, snares and claps above
constexpr double kContrastMeanS = 3.0;   // a band is heard against its own mean of so long
constexpr double kContrast = 4.0;        // log(1 + c a / mean)
constexpr double kContrastFloor = 2e-3;  // of the loudness reference: a mean of less than this counts as this
constexpr double kAccentMeanS = 4.0, kAccentFloor = 0.01;
constexpr double kAccentHoldFromS = 6.0;
constexpr double kAccentHoldS = 12.0;           // half-life of the mean when accents get weaker
constexpr double kNoBass = 0.08, kBass = 0.25;  // amplitude of the bass against the whole: there is none, there is some
constexpr double kBassWeight = 2.0;             // of the bass drum's accents where there is some
constexpr float kMaxAccent = 12.0f;             // one crash cymbal must not outweigh all beats
constexpr double kSoundRms = 2e-4;              // means are taken from the first sound on ...
constexpr double kSilenceBeforeS = 0.2;         // ... and so much silence, if there is known to have been some

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
    : spectrum_(rate_hz),
      ear_bands_(spectrum_.bin_hz(), static_cast<std::size_t>(spectrum_.window_samples()) / 2 + 1),
      least_heard_s_(hop_s()) {
  const int top = spectrum_.window_samples() / 2;
  int first = 1;
  for (double hz = kBandsFromHz; hz < kBandsToHz && first < top; hz *= std::exp2(1.0 / kBandsPerOctave)) {
    const int last = std::min(top, static_cast<int>(hz * std::exp2(1.0 / kBandsPerOctave) / spectrum_.bin_hz()));
    if (last < first) continue;  // low bands narrower than a bin are merged
    bands_.push_back({first, last});
    const double low_hz = first * spectrum_.bin_hz();
    plain_.add(low_hz < kBassHz ? 0 : low_hz < kHatHz ? 1 : 2);
    drums_.add(low_hz < kBassHz ? 0 : low_hz < kSnareHz ? 1 : low_hz < kHatHz ? 2 : 3);
    first = last + 1;
  }
  for (auto& log : logs_) log.assign(bands_.size(), 0.0f);
  for (auto& log : contrasts_) log.assign(bands_.size(), 0.0f);
  band_mean_.assign(bands_.size(), 0.0f);
  for (auto& amplitude : amplitudes_) amplitude.assign(bands_.size(), 0.0f);
  band_rise_.assign(bands_.size(), 0.0f);
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
  std::rotate(amplitudes_.begin(), amplitudes_.end() - 1, amplitudes_.end());
  auto& current = logs_[0];
  const auto& earlier = logs_[kLag];
  const double scale = kCompression / out.reference;
  for (std::size_t b = 0; b < bands_.size(); ++b) {
    double sum = 0.0;
    for (int i = bands_[b].first; i <= bands_[b].last; ++i) {
      sum += static_cast<double>(amplitude[static_cast<std::size_t>(i)]) * amplitude[static_cast<std::size_t>(i)];
    }
    amplitudes_[0][b] = static_cast<float>(std::sqrt(sum));
    current[b] = static_cast<float>(std::log1p(scale * amplitudes_[0][b]));
  }
  for (std::size_t b = 0; b < bands_.size(); ++b) {
    out.flux += rise_of(current, earlier, b);
  }
  std::array<double, kDrumBands> now{}, then{};
  for (std::size_t b = 0; b < bands_.size(); ++b) {
    now[drums_.of[b]] += amplitudes_[0][b] * amplitudes_[0][b];
    then[drums_.of[b]] += amplitudes_[kLag][b] * amplitudes_[kLag][b];
  }
  for (std::size_t a = 0; a < kDrumBands; ++a)
    out.stroke += std::max(0.0, std::sqrt(now[a]) - std::sqrt(then[a])) / out.reference;
  out.flux /= static_cast<double>(bands_.size());
  find_accents(out);
  return out;
}

void Features::after_silence() { least_heard_s_ = kSilenceBeforeS; }

void Features::find_accents(HopFeatures& out) {
  if (out.rms > kSoundRms) heard_s_ += hop_s();
  const auto share = static_cast<float>(hop_s() / std::clamp(heard_s_, least_heard_s_, kContrastMeanS));
  std::rotate(contrasts_.begin(), contrasts_.end() - 1, contrasts_.end());
  auto& now = contrasts_[0];
  const auto& past = contrasts_[kLag];
  const double floor = kContrastFloor * out.reference;
  for (std::size_t b = 0; b < bands_.size(); ++b) {
    band_mean_[b] += (amplitudes_[0][b] - band_mean_[b]) * share;
    now[b] = static_cast<float>(std::log1p(kContrast * amplitudes_[0][b] / std::max<double>(band_mean_[b], floor)));
  }
  for (std::size_t b = 0; b < bands_.size(); ++b) band_rise_[b] = rise_of(now, past, b);
  accents_of(plain_, out.accents);
  accents_of(drums_, out.drums);
  const auto mean_share = hop_s() / std::clamp(heard_s_, hop_s(), kAccentMeanS);
  power_ += (out.rms * out.rms - power_) * mean_share;
  bass_power_ += (out.bass_rms * out.bass_rms - bass_power_) * mean_share;
  const double bass =
      std::clamp((std::sqrt(bass_power_ / std::max(power_, 1e-12)) - kNoBass) / (kBass - kNoBass), 0.0, 1.0);
  out.drums[0] *= static_cast<float>(1.0 + (kBassWeight - 1.0) * bass);
  out.stroke *= bass;
}

void Features::accents_of(AccentGroups& groups, std::span<float> out) {
  std::array<float, 8> rise{};
  for (std::size_t b = 0; b < bands_.size(); ++b) rise[groups.of[b]] += band_rise_[b];
  const auto share = static_cast<float>(hop_s() / std::clamp(heard_s_, least_heard_s_, kAccentMeanS));
  // held through a passage without drums: what is left of the music is no beat then
  const float held = heard_s_ > kAccentHoldFromS ? static_cast<float>(std::exp2(-hop_s() / kAccentHoldS)) : 0.0f;
  for (std::size_t a = 0; a < out.size(); ++a) {
    rise[a] /= std::max(1.0f, groups.bands[a]);
    groups.mean[a] += (rise[a] - groups.mean[a]) * share;
    groups.full[a] = std::max(groups.full[a] * held, groups.mean[a]);
    out[a] = std::clamp(rise[a] / std::max(groups.full[a], static_cast<float>(kAccentFloor)) - 1.0f, 0.0f, kMaxAccent);
  }
}

}  // namespace ombra::audio
