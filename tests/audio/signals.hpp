#pragma once
// Sounds with known answers, and a plain WAV file of them.
// Thread: any.

#include "core/rng.hpp"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <numbers>
#include <span>
#include <string>
#include <vector>

namespace ombra::test {

inline std::vector<float> sine(double hz, double amplitude, double seconds, int rate_hz = 48000) {
  std::vector<float> out(static_cast<std::size_t>(seconds * rate_hz));
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<float>(amplitude * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(i) / rate_hz));
  }
  return out;
}

inline std::vector<float> noise(double rms, double seconds, int rate_hz = 48000, std::uint64_t seed = 1) {
  Rng rng(seed);
  std::vector<float> out(static_cast<std::size_t>(seconds * rate_hz));
  for (float& x : out) x = static_cast<float>(rms * rng.normal());
  return out;
}

// Adds a short burst of noise (a click of 5 ms) that begins at time_s.
inline void add_click(std::vector<float>& sound, double time_s, double amplitude, int rate_hz = 48000) {
  Rng rng(7);
  const auto first = static_cast<std::size_t>(std::lround(time_s * rate_hz));
  for (std::size_t i = 0; i < static_cast<std::size_t>(rate_hz / 200) && first + i < sound.size(); ++i) {
    sound[first + i] += static_cast<float>(amplitude * rng.uniform(-1.0, 1.0));
  }
}

// Adds a bass drum that begins at time_s: a sine that falls from 150 to 50 Hz within 0.2 s.
inline void add_kick(std::vector<float>& sound, double time_s, double amplitude, int rate_hz = 48000) {
  const auto first = static_cast<std::size_t>(std::lround(time_s * rate_hz));
  double phase = 0.0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(rate_hz / 4) && first + i < sound.size(); ++i) {
    const double t = static_cast<double>(i) / rate_hz;
    phase += 2.0 * std::numbers::pi * (50.0 + 100.0 * std::exp(-t / 0.03)) / rate_hz;
    sound[first + i] += static_cast<float>(amplitude * std::exp(-t / 0.09) * std::sin(phase));
  }
}

// Clicks at first_s + k * 60 / bpm, over a little noise as every microphone has it.
inline std::vector<float> click_train(double bpm, double seconds, double first_s = 0.25, int rate_hz = 48000) {
  auto out = noise(1e-3, seconds, rate_hz);
  for (double t = first_s; t < seconds; t += 60.0 / bpm) add_click(out, t, 0.5, rate_hz);
  return out;
}

// A plain house beat: kick on each beat, hat between, beat 0 at first_s.
inline std::vector<float> house_beat(double bpm, double seconds, double first_s = 0.0, int rate_hz = 48000) {
  auto out = noise(1e-3, seconds, rate_hz);
  for (double t = first_s; t < seconds; t += 60.0 / bpm) {
    add_kick(out, t, 0.7, rate_hz);
    add_click(out, t + 30.0 / bpm, 0.15, rate_hz);
  }
  return out;
}

// 16-bit WAV, one channel.
inline void write_wav(const std::filesystem::path& path, std::span<const float> mono, int rate_hz = 48000) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (!file) return;
  const auto word = [file](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) std::fputc(static_cast<int>((value >> (8 * i)) & 255u), file);
  };
  const auto bytes = static_cast<std::uint32_t>(mono.size() * 2);
  const auto rate = static_cast<std::uint32_t>(rate_hz);
  std::fputs("RIFF", file), word(36 + bytes, 4), std::fputs("WAVEfmt ", file), word(16, 4), word(1, 2), word(1, 2);
  word(rate, 4), word(rate * 2, 4), word(2, 2), word(16, 2), std::fputs("data", file), word(bytes, 4);
  for (const float x : mono) {
    word(static_cast<std::uint16_t>(
             static_cast<std::int16_t>(std::lround(std::fmax(-1.0f, std::fmin(1.0f, x)) * 32767.0f))),
         2);
  }
  std::fclose(file);
}

}  // namespace ombra::test
