#pragma once
// What needs no performance: the practice music, and sounds without any beat. Thread: any.

#include "audio/material/beat_marks.hpp"
#include "audio/material/score.hpp"
#include "core/rng.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ombra::audio {

struct MadeUpPiece {
  std::vector<float> sound;  // mono
  int rate_hz = 44100;
  std::vector<BeatMark> beats;
  std::vector<double> changes_s;  // where another record takes over
  double bpm = 0.0;
};

// Practice music (audio/testbench/practice_music.hpp) of a style and a seed.
MadeUpPiece practice(std::string_view style, std::uint64_t seed);

// -> "people", "noise", "silence", "applause", "chords": chords come at no regular time
std::span<const std::string_view> sounds_without_beat();
// One of them, but not the chords. -> mono, loudest sample at most 0.5
std::vector<float> sound_without_beat(std::string_view kind, double seconds, int rate_hz, Rng& rng);
Excerpt chords_without_beat(double seconds, Rng& rng);

}  // namespace ombra::audio
