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

void vary_drums(Score& score, Rng& rng) {
  // {probability, what is played, what sounds instead, up to the last 0: one of these}
  struct Other {
    double share;
    std::size_t family;
    std::array<std::uint8_t, 4> notes;
  };
  constexpr std::array<Other, 4> kOthers = {{{0.12, 0, {41, 43, 64, 0}},
                                             {0.25, 1, {37, 39, 38, 62}},
                                             {0.25, 2, {70, 54, 56, 44}},
                                             {0.2, 3, {42, 56, 54, 70}}}};
  constexpr std::array<double, 7> kRests = {0.04, 0.06, 0.15, 0.15, 0.2, 0.15, 0.15};  // of each family, all piece long
  std::array<bool, 7> rests{};
  std::array<std::uint8_t, 7> instead{};
  for (std::size_t f = 0; f < rests.size(); ++f) rests[f] = rng.uniform() < kRests[f];
  for (const Other& other : kOthers) {
    const std::uint8_t note = other.notes[static_cast<std::size_t>(rng.below(4))];
    if (rng.uniform() < other.share) instead[other.family] = note;
  }
  std::erase_if(score.messages, [&](const MidiMessage& m) {
    return m.channel() == MidiMessage::kDrumChannel && m.strikes() && rests[family(m.first)];
  });
  for (MidiMessage& m : score.messages) {
    const bool note = m.channel() == MidiMessage::kDrumChannel && (m.strikes() || m.releases());
    if (note && instead[family(m.first)] != 0) m.first = instead[family(m.first)];
  }
}

void share_drums(Score& score, const Score& other) {
  const auto of_other = [](const MidiMessage& m) {
    return m.channel() == MidiMessage::kDrumChannel && (m.strikes() || m.releases()) && family(m.first) > 1;
  };
  const double bar = score.beats[0].beats_per_bar * (score.beats[1].at - score.beats[0].at),
               end = score.beats.back().at, round = std::floor(other.beats.back().at / bar) * bar;
  if (round <= 0.0) return;
  std::erase_if(score.messages, of_other);
  for (double from = 0.0; from < end; from += round) {
    for (MidiMessage m : other.messages) {
      if (!of_other(m) || m.at >= round || from + m.at > end) continue;
      m.at += from;
      score.messages.push_back(m);
    }
  }
  std::ranges::stable_sort(score.messages, {}, &MidiMessage::at);
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
