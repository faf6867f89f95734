#pragma once
// Writes sound to a file through FFmpeg: .wav (16 bit), .flac (16 bit), .opus. Whole or not at all.
// Thread: any.

#include "media/read/audio_reader.hpp"

#include <filesystem>

namespace ombra::media {

// kbit_per_s: for .opus only. Samples beyond -1 .. 1 are clipped.
// Throws Error: unknown ending, disk full, no encoder.
void write_audio(const std::filesystem::path& path, const Sound& sound, int kbit_per_s = 128);

}  // namespace ombra::media
