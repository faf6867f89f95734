#pragma once
// Any sound file (or the sound of a video) that FFmpeg can read, decoded and resampled into memory.
// Hostile files are refused or cut off: no network, no other file is opened, and length is bounded.
// Thread: any.

#include <filesystem>
#include <vector>

namespace ombra::media {

struct Sound {
  std::vector<float> samples;  // interleaved, about -1 .. 1
  int channels = 1;            // 1 or 2
  int rate_hz = 48000;

  std::size_t frames() const { return samples.size() / static_cast<std::size_t>(channels); }
  double seconds() const { return static_cast<double>(frames()) / rate_hz; }
};

struct ReadAudioOptions {
  int rate_hz = 48000;          // 4000 .. 192000, or 0: as in the file
  int channels = 0;             // 1, 2, or 0: as in the file, at most 2
  double max_seconds = 7200.0;  // a longer file is an error
};

// A damaged or cut-off file gives what could be decoded, with a warning in the log.
// Throws Error: no such file, not a sound file, no audio stream, nothing decodable, too long.
Sound read_audio(const std::filesystem::path& path, const ReadAudioOptions& options = {});

}  // namespace ombra::media
