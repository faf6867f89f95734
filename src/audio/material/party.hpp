#pragma once
// What happens to music between the mixer and Ombra's input at a party, drawn at random. Thread: any.

#include "audio/testbench/degrade.hpp"
#include "core/rng.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ombra::audio {

struct Party {
  double pump_db = 0.0;               // how far a limiter that breathes with the bass drum holds the rest down
  std::optional<Reverberation> room;  // reverberation
  std::optional<Crowd> crowd;         // people who talk
  double subwoofer_hz = 0.0;          // a microphone beside it hears nothing above; 0: it stands elsewhere
  std::optional<Telephone> phone;     // a telephone's microphone
  double noise_db = -120.0;           // against the music
  double clip_db = -60.0;             // how far the loudest samples are over what the input can take
  double tilt_db = 0.0;               // treble against bass, by a first-order shelf at 700 Hz
  std::string codec;                  // FFmpeg's encoder that it went through; empty: none
  int kbits = 0;                      // that it was given a second
  double peak_db = -6.0;              // of what arrives
  int rate_hz = 44100;

  std::string text() const;  // "crowd -3 dB, room, 22050 Hz" or "clean"
};

// A third of them is clean, whatever the rate and the level.
Party draw_party(Rng& rng);

// -> the sound at party.rate_hz. mono: at rate_hz.
std::vector<float> at_party(std::span<const float> mono, int rate_hz, const Party& party, Rng& rng);

}  // namespace ombra::audio
