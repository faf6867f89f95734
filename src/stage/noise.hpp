#pragma once
// One tileable picture of noise for grain, dither, cloth and paper. Same numbers on every machine.
// Thread: any.

#include <cstdint>
#include <vector>

namespace ombra::stage {

inline constexpr int kNoiseSize = 256;

// RGBA bytes of kNoiseSize x kNoiseSize: r, a white noise; g clouds (value noise, five octaves); b fibres (short
// streaks).
std::vector<std::uint8_t> make_noise();

}  // namespace ombra::stage
