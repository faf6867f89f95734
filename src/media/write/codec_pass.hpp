#pragma once
// What a low-bitrate codec leaves of sound: encoded, decoded again, nothing else. For measurements and for learning.
// Thread: any.

#include <span>
#include <string>
#include <vector>

namespace ombra::media {

// -> mono at the same rate, as long as it was and not later, by the codec of FFmpeg's encoder `name` ("libmp3lame",
// "aac", "libopus", "sbc"). Empty where this FFmpeg has no such encoder, or it does not take the rate. Throws Error
// when the encoder refuses the sound.
std::vector<float> through_codec(std::span<const float> mono, int rate_hz, const std::string& name, int bits_per_s);

}  // namespace ombra::media
