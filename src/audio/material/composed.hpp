#pragma once
// Composed pieces: MIDI files whose own tempo map and time signatures say where the beats are. Thread: any.

#include "audio/material/score.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace ombra::audio {

struct ComposedPiece {
  std::string name;  // of the file
  std::filesystem::path path;
  double seconds = 0.0, bpm = 0.0;  // as the file has it

  std::string split() const;  // drawn by the name: 60 % train, 10 % validation, 30 % test
};

// Throws Error naming the file when its notes do not lie on its own grid, or it is no music with beats that can be
// told.
Score read_composed(const std::filesystem::path& file);

// The MIDI files in the folders and in folders there; passed_over: what was wrong with each of the others.
std::vector<ComposedPiece> find_composed(std::span<const std::filesystem::path> folders,
                                         std::vector<std::string>& passed_over);

}  // namespace ombra::audio
