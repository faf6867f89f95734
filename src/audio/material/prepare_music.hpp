#pragma once
// `ombra prepare-music`: performances, composed pieces and made-up music, played, worn and labelled, as one file.
// Thread: any; two threads work.

#include "audio/material/ear_material.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ombra::audio {

struct PrepareMusicOptions {
  std::filesystem::path drums;              // the Groove MIDI Dataset; empty: none
  std::vector<std::filesystem::path> midi;  // folders of composed pieces
  std::filesystem::path output;
  std::vector<std::filesystem::path> fonts;  // sound fonts; empty: all that sound_fonts() finds
  std::uint64_t seed = 1;
  int versions = 2;  // of each performance and piece
  int pieces = 0;    // at most so many sequences, spread over all; 0: all
  bool made_up = true;
  int threads = 2;
};

struct PrepareMusicReport {
  std::vector<EarPiece> pieces;
  std::vector<std::string> passed_over;  // files that are no part of it, and why
  std::uint64_t bytes = 0;
  double seconds = 0.0;  // that it took
};

// Throws Error (no sound fonts, a list that cannot be read, disk full, Ctrl-C), UsageError (output is an input).
PrepareMusicReport prepare_music(const PrepareMusicOptions& options);

}  // namespace ombra::audio
