#pragma once
// What a room does to music before a microphone hears it: people who talk over it, reverberation, a telephone's narrow
// band. For tests and measurements; same seed, same sound. Thread: any.

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

}  // namespace ombra::audio
