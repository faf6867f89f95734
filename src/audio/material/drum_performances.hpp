#pragma once
// The Groove MIDI Dataset: performances of human drummers, played to a click, so that their beats are exact.
// Thread: any.

#include "audio/material/score.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ombra::audio {

struct DrumPerformance {
  std::string id, drummer, session, style;  // "drummer1/session2/4", "drummer1", "drummer1/session2", "latin/ando"
  double bpm = 120.0;                       // of the click, in quarters
  double seconds = 0.0;
  int beats_per_bar = 4;
  std::filesystem::path midi;

  // Whole drummers and sessions are held back: "test", "validation" or "train"
  std::string split() const;
};

// The beats of at least 8 s in folder/info.csv, in 4/4 and 3/4. The five that are called 6/8 are left out: their hats
// keep to eighths of the click, their snares to dotted ones, so what a dancer would count is not known; so are the two
// in five. Throws Error naming the file and its line.
std::vector<DrumPerformance> read_performances(const std::filesystem::path& folder);

// -> its notes as General MIDI has them, on the drum channel; beat 0 is a downbeat at 0. Throws Error naming the file,
// also where its tempo is not what the list says.
Score score_of(const DrumPerformance& performance);

}  // namespace ombra::audio
