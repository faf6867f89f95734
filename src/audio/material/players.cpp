#include "audio/material/players.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr std::array<std::uint8_t, 8> kKits = {0, 8, 16, 24, 25, 32, 40, 48};
constexpr double kDry = 0.5;
constexpr int kBendMiddle = 8192, kBendSemitone = 4096;

// drums that a drummer sets to one loudness together
std::size_t family(std::uint8_t note) {
  if (note == 35 || note == 36) return 0;
  if (note >= 37 && note <= 40) return 1;
  if (note == 42 || note == 44 || note == 46) return 2;
  if (note == 51 || note == 53 || note == 59) return 3;
  if (note == 49 || note == 52 || note == 55 || note == 57) return 4;
  if (note >= 41 && note <= 50) return 5;
  return 6;
}

}  // namespace

Players::Players(std::span<const std::filesystem::path> fonts)
    : fonts_(fonts.begin(), fonts.end()), synthesizers_(fonts.size()) {}

std::vector<float> Players::play(const Excerpt& music, Rng& rng) {
  const auto which = static_cast<std::size_t>(rng.below(static_cast<int>(fonts_.size())));
  const double hall = rng.uniform() < kDry ? 0.0 : rng.uniform(0.1, 0.8);
  auto& synthesizer = synthesizers_[which];
  if (!synthesizer) synthesizer = std::make_unique<Synthesizer>(fonts_[which]);
  return synthesizer->play(music.messages, music.seconds, hall);
}

void choose_kit(Score& score, Rng& rng) {
  const auto kit = kKits[static_cast<std::size_t>(rng.below(static_cast<int>(kKits.size())))];
  const int bend = kBendMiddle + static_cast<int>(rng.uniform(-1.0, 1.0) * kBendSemitone);
  std::array<double, 7> gain{};
  for (double& g : gain) g = std::exp2(0.4 * std::clamp(rng.normal(), -2.0, 2.0));
  const double power = rng.uniform(0.6, 1.3);  // under 1 soft strokes are nearly as loud as hard ones
  for (MidiMessage& m : score.messages) {
    if (m.channel() != MidiMessage::kDrumChannel || !m.strikes()) continue;
    const double velocity = 127.0 * std::pow(m.second / 127.0, power) * gain[family(m.first)];
    m.second = static_cast<std::uint8_t>(std::clamp(std::lround(velocity), 1l, 127l));
  }
  const auto channel = static_cast<std::uint8_t>(MidiMessage::kDrumChannel);
  const std::array<MidiMessage, 2> first = {
      {{0.0, static_cast<std::uint8_t>(MidiMessage::kProgram | channel), kit, 0},
       {0.0, static_cast<std::uint8_t>(MidiMessage::kBend | channel), static_cast<std::uint8_t>(bend & 0x7F),
        static_cast<std::uint8_t>(bend >> 7)}}};
  score.messages.insert(score.messages.begin(), first.begin(), first.end());
}

}  // namespace ombra::audio
