#include "audio/material/made_up.hpp"

#include "audio/testbench/biquad.hpp"
#include "audio/testbench/degrade.hpp"
#include "audio/testbench/practice_music.hpp"
#include "audio/testbench/practice_sounds.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr std::array<std::string_view, 5> kWithoutBeat = {"people", "noise", "silence", "applause", "chords"};

std::vector<float> noise(std::size_t samples, Rng& rng) {
  std::vector<float> sound(samples);
  const double share = std::pow(10.0, rng.uniform(-3.0, 0.0));  // of a low-pass: from a rumble to a hiss
  double low = 0.0, swell = 0.0;
  for (float& x : sound) {
    low += share * (rng.uniform(-1.0, 1.0) - low);
    swell += 2e-5 * (rng.normal() - swell);
    x = static_cast<float>(low * (1.0 + 100.0 * swell));
  }
  return sound;
}

// Claps of many hands, each a short burst of noise about one pitch.
std::vector<float> applause(std::size_t samples, int rate_hz, Rng& rng) {
  std::vector<float> sound(samples, 0.0f);
  const double claps_a_s = std::pow(10.0, rng.uniform(0.7, 2.3));
  const auto length = static_cast<std::size_t>(0.03 * rate_hz);
  for (double at_s = 0.0; at_s * rate_hz < static_cast<double>(samples);
       at_s -= std::log(1.0 - rng.uniform()) / claps_a_s) {
    Biquad hand = Biquad::band_pass(rng.uniform(700.0, 2500.0), rng.uniform(1.0, 3.0), rate_hz);
    const double level = rng.uniform(0.1, 1.0);
    const auto first = static_cast<std::size_t>(at_s * rate_hz);
    for (std::size_t i = 0; i < length && first + i < samples; ++i) {
      const double fall = std::exp(-static_cast<double>(i) / (0.006 * rate_hz));
      sound[first + i] += static_cast<float>(level * fall * hand(rng.uniform(-1.0, 1.0)));
    }
  }
  return sound;
}

}  // namespace

PlayedMusic practice(std::string_view style, std::uint64_t seed) {
  PracticePiece piece = practice_piece(style, seed);
  PlayedMusic out{std::move(piece.sound), piece.rate_hz, {}, std::move(piece.changes_s), 0.0};
  const int per_bar = style == "waltz" ? 3 : 4;
  // the first beats may belong to a bar that began before
  const double first_1 = piece.downbeats_s.empty() ? 0.0 : piece.downbeats_s.front();
  const auto before = std::ranges::count_if(piece.beats_s, [&](double t) { return t < first_1 - 1e-3; });
  int in_bar = (per_bar - static_cast<int>(before) % per_bar) % per_bar;
  std::size_t next_1 = 0;
  for (const double t : piece.beats_s) {
    if (next_1 < piece.downbeats_s.size() && t > piece.downbeats_s[next_1] - 1e-3) {
      in_bar = 0;
      ++next_1;
    }
    out.beats.push_back({t, in_bar, per_bar});
    in_bar = (in_bar + 1) % per_bar;
  }
  if (piece.beats_s.size() > 9) out.bpm = 60.0 * 8.0 / (piece.beats_s[8] - piece.beats_s[0]);
  return out;
}

PlayedMusic plain_beat(double seconds, Rng& rng) {
  PlayedMusic out;
  out.sound.assign(static_cast<std::size_t>(seconds * out.rate_hz), 0.0f);
  PracticeKit kit(out.rate_hz, static_cast<std::uint64_t>(rng.below(1 << 30)));
  out.bpm = 55.0 * std::pow(200.0 / 55.0, rng.uniform());
  const double beat_s = 60.0 / out.bpm, first_s = rng.uniform(0.0, 2.0 * beat_s);
  constexpr std::array kOn = {Instrument::kRim,      Instrument::kKick, Instrument::kKick,  Instrument::kKick,
                              Instrument::kSoftKick, Instrument::kClap, Instrument::kShaker};
  constexpr std::array kBetween = {Instrument::kHat, Instrument::kOpenHat, Instrument::kShaker, Instrument::kHat};
  const Instrument on = kOn[static_cast<std::size_t>(rng.below(kOn.size()))],
                   between = kBetween[static_cast<std::size_t>(rng.below(kBetween.size()))];
  const int pattern = rng.below(6);  // bare, or with: hats between, sixteenths, eighths, a snare, snare and hats
  const double soft = rng.uniform(0.15, 0.8);
  const auto play = [&](Instrument instrument, double at_s, double velocity) {
    kit.play({.instrument = instrument, .time_s = at_s, .velocity = velocity}, out.sound);
  };
  int in_bar = rng.below(4), beat = 0;
  for (double at_s = first_s; at_s < seconds; at_s += beat_s, ++beat, in_bar = (in_bar + 1) % 4) {
    out.beats.push_back({at_s, in_bar, 4});
    const bool snare = pattern >= 4 && beat % 2 == 1;
    play(snare ? Instrument::kSnare : on, at_s, rng.uniform(0.8, 1.0));
    for (int sixteenth = 0; sixteenth < 4; ++sixteenth) {
      const bool hit =
          pattern == 2 || (pattern == 1 && sixteenth == 2) || ((pattern == 3 || pattern == 5) && sixteenth % 2 == 0);
      if (hit) play(between, at_s + 0.25 * sixteenth * beat_s, soft * rng.uniform(0.9, 1.0));
    }
  }
  for (float& x : out.sound) x *= 0.5f;
  return out;
}

std::span<const std::string_view> sounds_without_beat() { return kWithoutBeat; }

std::vector<float> sound_without_beat(std::string_view kind, double seconds, int rate_hz, Rng& rng) {
  const auto samples = static_cast<std::size_t>(seconds * rate_hz);
  std::vector<float> sound(samples, 0.0f);
  if (kind == "people") sound = crowd(samples, rate_hz, 1 + rng.below(24), rng);
  if (kind == "noise") sound = noise(samples, rng);
  if (kind == "applause") sound = applause(samples, rate_hz, rng);
  float peak = 1e-6f;
  for (const float x : sound) peak = std::max(peak, std::abs(x));
  for (float& x : sound) x *= 0.5f / peak;
  if (kind == "silence")
    for (float& x : sound) x = static_cast<float>(3e-5 * rng.uniform(-1.0, 1.0));
  return sound;
}

Excerpt chords_without_beat(double seconds, Rng& rng) {
  Excerpt out;
  out.seconds = seconds;
  out.messages.push_back({0.0, MidiMessage::kProgram,
                          static_cast<std::uint8_t>(rng.uniform() < 0.5 ? 88 + rng.below(8) : 48 + rng.below(6)), 0});
  std::vector<int> keys;
  for (double at_s = rng.uniform(0.0, 2.0); at_s < seconds; at_s += rng.uniform(1.5, 8.0)) {
    for (const int key : keys) out.messages.push_back({at_s, MidiMessage::kNoteOff, static_cast<std::uint8_t>(key), 0});
    const int root = 40 + rng.below(24);
    keys = {root, root + 3 + rng.below(3), root + 7, root + 12};
    for (const int key : keys)
      out.messages.push_back({at_s + rng.uniform(0.0, 0.02), MidiMessage::kNoteOn, static_cast<std::uint8_t>(key),
                              static_cast<std::uint8_t>(50 + rng.below(50))});
  }
  std::ranges::stable_sort(out.messages, {}, &MidiMessage::at);
  return out;
}

}  // namespace ombra::audio
