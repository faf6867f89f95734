#pragma once
// Several continuations of a dance are rehearsed before one is danced: which of them sits best on the beat?
// The choreographer's probabilities say what is plausible; among a few draws from them, the ones whose movement stops
// on the beat and goes on between beats are preferred. Thread: any (values); one owner per Rng.

#include "core/rng.hpp"

#include <span>

namespace ombra::model {

// How well a movement sits at the joint of two moves. steps: its speed, tick by tick, through both of them, the joint
// in the middle of steps[joint] (at least one step on each side). -> log of the mean speed over that at the joint, on a
// beat; its negative between beats. About 0 where nothing marks the beat; 1 and more for a clear stop.
double beat_fit(std::span<const float> steps, std::size_t joint, bool on_beat);

// -> index drawn with probability ~ exp(fit)
int choose_fitting(std::span<const double> fits, Rng& rng);

}  // namespace ombra::model
