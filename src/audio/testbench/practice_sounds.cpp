#include "audio/testbench/practice_sounds.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ombra::audio {
namespace {

constexpr double kTau = 2.0 * std::numbers::pi;
constexpr double kSilent = 0.002;  // an instrument is played until it has decayed to this

}  // namespace

PracticeKit::PracticeKit(int rate_hz, std::uint64_t seed) : rate_hz_(rate_hz), rng_(seed * 7919 + 13) {
  const auto between = [this](double low, double high) { return rng_.uniform(low, high); };
  kick_ = {between(42, 58), between(60, 220), between(0.012, 0.04), between(0.06, 0.16), between(0.05, 0.5)};
  soft_kick_ = {between(50, 70), between(10, 40), 0.03, between(0.08, 0.16), 0.02};
  tom_ = {between(80, 120), 40, 0.05, between(0.12, 0.25), 0.1};
  conga_ = {between(180, 320), 40, 0.01, between(0.05, 0.12), 0.15};
  snare_ = {between(160, 230), 60, 0.015, between(0.04, 0.09), 0.3};
  snare_hiss_s_ = between(0.04, 0.12);
  snare_low_hz_ = between(600, 1800);
  hat_low_hz_ = between(5000, 8500);
  hat_s_ = between(0.012, 0.035);
  open_hat_s_ = between(0.08, 0.2);
  ride_hz_ = between(2800, 4200);
  bright_ = between(0.6, 1.6);
  minor_ = rng_.uniform() < 0.6;
}

void PracticeKit::skin(const Note& note, const Tone& tone, double gain, std::vector<float>& sound) {
  const auto first = static_cast<std::ptrdiff_t>(std::lround(note.time_s * rate_hz_));
  const auto n = static_cast<std::ptrdiff_t>(-std::log(kSilent) * tone.decay_s * rate_hz_);
  double phase = 0.0;
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const double t = static_cast<double>(i) / rate_hz_;
    phase += kTau * (tone.hz + tone.drop_hz * std::exp(-t / tone.drop_s)) / rate_hz_;
    const double attack = std::min(1.0, t / 0.002);
    double x = attack * std::exp(-t / tone.decay_s) * std::sin(phase);
    if (t < 0.004) x += tone.click * rng_.uniform(-1.0, 1.0) * (1.0 - t / 0.004);
    const std::ptrdiff_t at = first + i;
    if (at >= 0 && at < std::ssize(sound)) sound[static_cast<std::size_t>(at)] += static_cast<float>(gain * x);
  }
}

void PracticeKit::hiss(double time_s, double gain, double decay_s, double low_hz, double high_hz,
                       std::vector<float>& sound) {
  const auto first = static_cast<std::ptrdiff_t>(std::lround(time_s * rate_hz_));
  const auto n = static_cast<std::ptrdiff_t>(-std::log(kSilent) * decay_s * rate_hz_);
  const double fall = 1.0 - std::exp(-kTau * high_hz / rate_hz_), rise = 1.0 - std::exp(-kTau * low_hz / rate_hz_);
  double upper[2] = {0.0, 0.0}, lower[2] = {0.0, 0.0};
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const double t = static_cast<double>(i) / rate_hz_;
    double x = rng_.uniform(-1.0, 1.0);
    for (double& state : upper) x = state += (x - state) * fall;
    for (double& state : lower) x -= state += (x - state) * rise;
    x *= std::min(1.0, t / 0.001) * std::exp(-t / decay_s);
    const std::ptrdiff_t at = first + i;
    if (at >= 0 && at < std::ssize(sound)) sound[static_cast<std::size_t>(at)] += static_cast<float>(gain * x);
  }
}

void PracticeKit::strings(double time_s, double gain, double hz, double length_s, double attack_s, double decay_s,
                          double bright_hz, std::vector<float>& sound) {
  const auto first = static_cast<std::ptrdiff_t>(std::lround(time_s * rate_hz_));
  const auto n = static_cast<std::ptrdiff_t>((length_s + 0.06) * rate_hz_);
  const double top = std::min(0.4 * rate_hz_, 6.0 * bright_hz);
  for (int k = 1; k <= 24 && k * hz < top; ++k) {
    const double amplitude = gain / k / (1.0 + std::pow(k * hz / bright_hz, 2.0));
    // a rotating pointer instead of a sine a sample
    const double step = kTau * k * hz / rate_hz_, c = std::cos(step), s = std::sin(step);
    double re = 1.0, im = 0.0;
    for (std::ptrdiff_t i = 0; i < n; ++i) {
      const double t = static_cast<double>(i) / rate_hz_;
      const double next = re * c - im * s;
      im = re * s + im * c, re = next;
      const double held = t < length_s ? 1.0 : 1.0 - (t - length_s) / 0.06;
      const double envelope = std::min(1.0, t / attack_s) * std::max(0.0, 1.0 - 0.2 * k * t / decay_s) * held;
      const std::ptrdiff_t at = first + i;
      if (at >= 0 && at < std::ssize(sound))
        sound[static_cast<std::size_t>(at)] += static_cast<float>(amplitude * envelope * im);
    }
  }
}

void PracticeKit::chord(const Note& note, double gain, double attack_s, double decay_s, double bright_hz,
                        std::vector<float>& sound) {
  for (const int semitones : {0, minor_ ? 3 : 4, 7, minor_ ? 10 : 11}) {
    const double hz = 4.0 * note.hz * std::exp2(semitones / 12.0) * (1.0 + 0.002 * rng_.normal());
    strings(note.time_s, 0.3 * gain, hz, note.length_s, attack_s, decay_s, bright_hz * bright_, sound);
  }
}

void PracticeKit::play(const Note& note, std::vector<float>& sound) {
  const double v = note.velocity, t = note.time_s;
  switch (note.instrument) {
    case Instrument::kKick:
      return skin(note, kick_, 0.9 * v, sound);
    case Instrument::kSoftKick:
      return skin(note, soft_kick_, 0.5 * v, sound);
    case Instrument::kTom:
      return skin(note, tom_, 0.6 * v, sound);
    case Instrument::kConga:
      return skin(note, conga_, 0.4 * v, sound);
    case Instrument::kSnare:
      skin(note, snare_, 0.35 * v, sound);
      return hiss(t, 0.9 * v, snare_hiss_s_, snare_low_hz_, 9000.0, sound);
    case Instrument::kBrush:
      return hiss(t, 0.5 * v, 0.08, 1500.0, 6000.0, sound);
    case Instrument::kClap:
      for (const double late_s : {0.0, 0.009, 0.019}) hiss(t + late_s, 0.8 * v, 0.008, 900.0, 5000.0, sound);
      return hiss(t + 0.028, 0.8 * v, 0.07, 900.0, 5000.0, sound);
    case Instrument::kRim:
      return strings(t, 0.4 * v, 850.0, 0.03, 0.001, 0.03, 4000.0, sound);
    case Instrument::kHat:
      return hiss(t, 0.8 * v, hat_s_, hat_low_hz_, 15000.0, sound);
    case Instrument::kOpenHat:
      return hiss(t, 0.8 * v, open_hat_s_, hat_low_hz_, 15000.0, sound);
    case Instrument::kShaker:
      return hiss(t, 0.5 * v, 0.04, 4000.0, 10000.0, sound);
    case Instrument::kRide:
      strings(t, 0.08 * v, ride_hz_, 0.35, 0.001, 0.6, 9000.0, sound);
      return hiss(t, 0.35 * v, 0.12, 4000.0, 12000.0, sound);
    case Instrument::kCrash:
      return hiss(t, 0.6 * v, 0.6, 2500.0, 14000.0, sound);
    case Instrument::kBass:
      return strings(t, 0.5 * v, note.hz, note.length_s, 0.006, 1.5, 350.0 * bright_, sound);
    case Instrument::kReese:
      strings(t, 0.25 * v, note.hz * 1.006, note.length_s, 0.02, 4.0, 500.0 * bright_, sound);
      return strings(t, 0.25 * v, note.hz * 0.994, note.length_s, 0.02, 4.0, 500.0 * bright_, sound);
    case Instrument::kStab:
      return chord(note, 0.5 * v, 0.003, 1.0, 1800.0, sound);
    case Instrument::kPiano:
      return chord(note, 0.5 * v, 0.004, 2.0, 900.0, sound);
    case Instrument::kPad:
      return chord(note, 0.35 * v, 0.15, 20.0, 700.0, sound);
    case Instrument::kPluck:
      return strings(t, 0.3 * v, 8.0 * note.hz, note.length_s, 0.002, 0.6, 2500.0 * bright_, sound);
    case Instrument::kVoice:
      return strings(t, 0.3 * v, 4.0 * note.hz, note.length_s, 0.04, 10.0, 1500.0 * bright_, sound);
  }
}

}  // namespace ombra::audio
