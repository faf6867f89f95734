#pragma once
// A band for a drummer: bass, chords and a lead that follow a progression of chords, so that harmony tells the bar as
// it does in music. Thread: any.

#include "audio/material/score.hpp"
#include "core/rng.hpp"

#include <string>

namespace ombra::audio {

// -> how far into the beat the drummer plays the second eighth: 0.5 straight, 0.67 as triplets do
double swing_of(const Score& drums);

// Adds parts to a score in one tempo and metre with beats at 0, 1, 2 ... times their length; now and then drums or band
// rest for four or eight bars. -> who plays: "drums, bass, chords"
std::string accompany(Score& score, Rng& rng);

}  // namespace ombra::audio
