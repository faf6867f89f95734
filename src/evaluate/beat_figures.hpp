#pragma once
// How a dance sits on the beat, at any tempo, and whether it comes back in phrases. Z code, T frames. Thread: any.

#include "evaluate/dance_reference.hpp"
#include "evaluate/free_dance.hpp"

namespace ombra::train {

// Mean over dances to the same beats (frames at fps), in seconds as they were danced.
Alignment alignment_of(const std::vector<torch::Tensor>& dances, double fps, const std::vector<double>& beats);

// Mean over real clips with their own beats, each as if it were played at this tempo.
Alignment alignment_of(const std::vector<BeatenClip>& clips, double fps, double bpm);

// Do movements return after a bar? Correlation of the movement (steps in code space, 12 a beat) with itself `lag` beats
// later, less the mean of the same one beat earlier and one later. About 0 where nothing returns; 1 at most.
double returns_after(const std::vector<BeatenClip>& clips, int lag);

}  // namespace ombra::train
