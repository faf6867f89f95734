#pragma once
// What needs no performance: the practice music, plain beats of a machine, and sounds without any beat. Thread: any.

#include "audio/material/played_music.hpp"
#include "audio/material/score.hpp"
#include "core/rng.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ombra::audio {

// Practice music (audio/testbench/practice_music.hpp) of a style and a seed.
PlayedMusic practice(std::string_view style, std::uint64_t seed);

// A machine that beats and does no more: clicks, bass drums, hats between or in sixteenths, a snare. Tempo 55 to 200;
// which beat begins a bar is drawn and cannot be heard, so that an ear learns to say so. seconds: of sound
PlayedMusic plain_beat(double seconds, Rng& rng);

// -> "people", "noise", "silence", "applause", "chords": chords come at no regular time
std::span<const std::string_view> sounds_without_beat();
// One of them, but not the chords. -> mono, loudest sample at most 0.5
std::vector<float> sound_without_beat(std::string_view kind, double seconds, int rate_hz, Rng& rng);
Excerpt chords_without_beat(double seconds, Rng& rng);

}  // namespace ombra::audio
