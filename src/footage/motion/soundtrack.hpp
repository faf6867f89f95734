#pragma once
// The music of a dance, where it was recorded beside the motion: its beats are heard by the same code as in the show.
// Sound and motion start at the same moment.
// Thread: any.

#include <filesystem>
#include <span>
#include <vector>

namespace ombra::train {

// What the listener of the show is surer of than this is taken as the beat of the dance (BeatGrid::confidence).
inline constexpr double kSureOfSound = 0.3;

struct SoundBeats {
  std::vector<double> times_s;  // rising, from the start of the sound; empty: no beat was found
  double confidence = 0.0;      // 0..1, mean of the grid's where it had settled
};

// -> the sound file with the stem of a motion file beside it (clip.trc: clip.wav, .flac, .ogg, .opus, .mp3, .m4a, the
// first of these that exists), or an empty path
std::filesystem::path soundtrack_beside(const std::filesystem::path& motion);

// Beats over 0 .. seconds. A live listener needs some seconds to find the beat; offline only the part after that
// counts, and it is continued evenly to both ends.
SoundBeats hear_beats(std::span<const float> mono, int rate_hz, double seconds);

// The same of a sound file. Throws Error when it cannot be read or is longer than two hours.
// file_seconds: how long it is where that is known and more than seconds; long files are read at a lower rate.
SoundBeats read_beats(const std::filesystem::path& path, double seconds, double file_seconds = 0.0);

}  // namespace ombra::train
