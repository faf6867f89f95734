#pragma once
// Where phrases of eight beats begin in a dance: at the beats where the movement turns to something new.
// Novelty of the beat-wise self-similarity along a checkerboard kernel (Foote 2000, "Automatic audio segmentation using
// a measure of audio novelty"), taken over movement instead of sound. Thread: any.

#include "footage/motion/motion.hpp"

#include <span>
#include <vector>

namespace ombra::train {

inline constexpr int kPhraseBeats = 8;

struct PhraseStart {
  int first = 0;            // 0 .. 7: beats[first], beats[first + 8], ... begin phrases
  double confidence = 0.0;  // 0..1: how far these beats stand out among the eight possible ones
};

// views: the same frames from one or more sides; beats: frames on which beats fall; parity: only beats with
// index % 2 == parity may begin a phrase. Confidence 0 for dances shorter than three phrases.
PhraseStart find_phrases(std::span<const std::vector<Pose2>> views, std::span<const double> beats, int parity);

}  // namespace ombra::train
