#pragma once
// What a room does to music before a microphone hears it: a crowd that talks over it, walls that answer, a telephone's
// narrow ear. For tests and measurements; same seed, same sound. Thread: any.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ombra::audio {

enum class Spoiling { kClean, kCrowd, kRoom, kPhone };
inline constexpr Spoiling kSpoilings[] = {Spoiling::kClean, Spoiling::kCrowd, Spoiling::kRoom, Spoiling::kPhone};

std::string_view name_of(Spoiling spoiling);  // clean, crowd, room, phone

// The crowd is as loud as the music (0 dB of mean power). The room's reverberation falls by 60 dB in 0.8 s and is 3 dB
// louder than the direct sound. The telephone passes 300 Hz to 4 kHz and compresses gently.
std::vector<float> spoiled(std::span<const float> mono, int rate_hz, Spoiling spoiling, std::uint64_t seed = 1);

}  // namespace ombra::audio
