#pragma once
// What a room does to music before a microphone hears it: people who talk over it, reverberation, a telephone's narrow
// band. For tests and measurements; same seed, same sound. Thread: any.

#include "core/rng.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ombra::audio {

enum class Degradation { kClean, kCrowd, kRoom, kPhone };
inline constexpr Degradation kDegradations[] = {Degradation::kClean, Degradation::kCrowd, Degradation::kRoom,
                                                Degradation::kPhone};

std::string_view name_of(Degradation degradation);  // clean, crowd, room, phone

// The crowd is as loud as the music (0 dB of mean power). The room's reverberation falls by 60 dB in 0.8 s and is 3 dB
// louder than the direct sound. The telephone passes 300 Hz to 4 kHz and compresses gently.
std::vector<float> degraded(std::span<const float> mono, int rate_hz, Degradation degradation, std::uint64_t seed = 1);

// The same with strengths of one's own.
struct Crowd {
  double level_db = 0.0;  // against the mean power of the music
  int talkers = 24;
};
struct Reverberation {
  double fall_s = 0.8;    // by 60 dB
  double level_db = 3.0;  // against the direct sound
};
struct Telephone {
  double low_hz = 300.0, high_hz = 4000.0;  // below half the rate
};
std::vector<float> with_crowd(std::span<const float> mono, int rate_hz, const Crowd& about, Rng& rng);
std::vector<float> in_room(std::span<const float> mono, int rate_hz, const Reverberation& about, Rng& rng);
std::vector<float> through_phone(std::span<const float> mono, int rate_hz, const Telephone& about);
// People who talk, and no music.
std::vector<float> crowd(std::size_t samples, int rate_hz, int talkers, Rng& rng);

}  // namespace ombra::audio
