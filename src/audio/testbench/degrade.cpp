#include "audio/testbench/degrade.hpp"

#include "audio/testbench/biquad.hpp"
#include "core/rng.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace ombra::audio {
namespace {

constexpr double kTau = 2.0 * std::numbers::pi;

double power(std::span<const float> sound) {
  double sum = 0.0;
  for (const float x : sound) sum += static_cast<double>(x) * x;
  return sum / std::max<double>(1.0, static_cast<double>(sound.size()));
}

// One talker: syllables of a buzzing throat through two formants, with pauses for breath.
void talk(std::vector<float>& sound, int rate_hz, Rng& rng) {
  const double pitch_hz = rng.uniform(90.0, 260.0), near = rng.uniform(0.3, 1.0);
  for (std::size_t at = 0; at < sound.size();) {
    const auto n = static_cast<std::size_t>(rng.uniform(0.10, 0.32) * rate_hz);
    if (rng.uniform() < 0.25) {  // breath
      at += n;
      continue;
    }
    Biquad low = Biquad::band_pass(rng.uniform(300.0, 900.0), 4.0, rate_hz);
    Biquad high = Biquad::band_pass(rng.uniform(900.0, 3000.0), 6.0, rate_hz);
    const double hz = pitch_hz * rng.uniform(0.8, 1.3), voiced = rng.uniform() < 0.75 ? 1.0 : 0.0;
    double phase = 0.0;
    // the syllable's shape, sin(pi i / n), by its recurrence: calling sine took longer than all the rest
    const double turn = std::numbers::pi / static_cast<double>(n), twice = 2.0 * std::cos(turn);
    double shape = 0.0, before = -std::sin(turn);
    for (std::size_t i = 0; i < n && at + i < sound.size(); ++i) {
      phase += hz / rate_hz;
      phase -= std::floor(phase);
      const double x = voiced * (phase < 0.08 ? 1.0 : -0.087) + (1.1 - voiced) * 0.4 * rng.uniform(-1.0, 1.0);
      sound[at + i] += static_cast<float>(near * shape * (low(x) + 0.6 * high(x)));
      const double next = twice * shape - before;
      before = shape;
      shape = next;
    }
    at += n;
  }
}

}  // namespace

std::vector<float> crowd(std::size_t samples, int rate_hz, int talkers, Rng& rng) {
  std::vector<float> sound(samples, 0.0f);
  for (int i = 0; i < talkers; ++i) talk(sound, rate_hz, rng);
  return sound;
}

std::vector<float> with_crowd(std::span<const float> mono, int rate_hz, const Crowd& about, Rng& rng) {
  std::vector<float> sound = crowd(mono.size(), rate_hz, about.talkers, rng);
  const double gain = std::pow(10.0, about.level_db / 20.0) * std::sqrt(power(mono) / std::max(1e-20, power(sound)));
  for (std::size_t i = 0; i < sound.size(); ++i) sound[i] = static_cast<float>(mono[i] + gain * sound[i]);
  return sound;
}

// Reverberation from a feedback delay network (Jot and Chaigne 1991): sixteen delays, mixed by a Householder matrix.
std::vector<float> in_room(std::span<const float> mono, int rate_hz, const Reverberation& about, Rng& rng) {
  constexpr std::size_t kLines = 16;
  std::array<std::vector<double>, kLines> line;
  std::array<double, kLines> gain{}, damped{}, sign{};
  std::array<std::size_t, kLines> at{};
  for (std::size_t k = 0; k < kLines; ++k) {
    const double delay_s = 0.011 + 0.0031 * static_cast<double>(k) + rng.uniform(0.0, 0.002);
    line[k].assign(static_cast<std::size_t>(delay_s * rate_hz), 0.0);
    gain[k] = std::pow(10.0, -3.0 * delay_s / about.fall_s);
    sign[k] = rng.uniform() < 0.5 ? -1.0 : 1.0;
  }
  const double bright = 1.0 - std::exp(-kTau * 9000.0 / rate_hz);
  std::vector<float> wet(mono.size());
  for (std::size_t i = 0; i < mono.size(); ++i) {
    double sum = 0.0, out = 0.0;
    std::array<double, kLines> heard{};
    for (std::size_t k = 0; k < kLines; ++k) {
      damped[k] += (line[k][at[k]] - damped[k]) * bright;
      heard[k] = gain[k] * damped[k];
      sum += heard[k];
      out += sign[k] * heard[k];
    }
    for (std::size_t k = 0; k < kLines; ++k) {
      line[k][at[k]] = heard[k] - 2.0 / kLines * sum + mono[i];
      at[k] = (at[k] + 1) % line[k].size();
    }
    wet[i] = static_cast<float>(out);
  }
  const double level = std::pow(10.0, about.level_db / 20.0) * std::sqrt(power(mono) / std::max(1e-20, power(wet)));
  for (std::size_t i = 0; i < wet.size(); ++i) wet[i] = static_cast<float>(0.6 * (mono[i] + level * wet[i]));
  return wet;
}

std::vector<float> through_phone(std::span<const float> mono, int rate_hz, const Telephone& about) {
  std::array<Biquad, 4> filters = {
      Biquad::high_pass(about.low_hz, 0.541, rate_hz), Biquad::high_pass(about.low_hz, 1.307, rate_hz),
      Biquad::low_pass(about.high_hz, 0.541, rate_hz), Biquad::low_pass(about.high_hz, 1.307, rate_hz)};
  std::vector<float> out(mono.size());
  const double rise = 1.0 / (0.010 * rate_hz), fall = 1.0 / (0.150 * rate_hz);
  double envelope = 0.0;
  for (std::size_t i = 0; i < mono.size(); ++i) {
    double x = mono[i];
    for (Biquad& filter : filters) x = filter(x);
    envelope += (std::abs(x) - envelope) * (std::abs(x) > envelope ? rise : fall);
    out[i] = static_cast<float>(x * std::pow(std::max(envelope, 0.003) / 0.1, -2.0 / 3.0) * 0.5);  // 3 : 1
  }
  return out;
}

std::string_view name_of(Degradation degradation) {
  switch (degradation) {
    case Degradation::kCrowd:
      return "crowd";
    case Degradation::kRoom:
      return "room";
    case Degradation::kPhone:
      return "phone";
    default:
      return "clean";
  }
}

std::vector<float> degraded(std::span<const float> mono, int rate_hz, Degradation degradation, std::uint64_t seed) {
  Rng rng(seed);
  switch (degradation) {
    case Degradation::kCrowd:
      return with_crowd(mono, rate_hz, {}, rng);
    case Degradation::kRoom:
      return in_room(mono, rate_hz, {}, rng);
    case Degradation::kPhone:
      return through_phone(mono, rate_hz, {});
    default:
      return {mono.begin(), mono.end()};
  }
}

}  // namespace ombra::audio
