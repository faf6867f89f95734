#pragma once
// From sound to what the ear hears of it. Thread: any.

#include "audio/material/ear_material.hpp"

#include <span>

namespace ombra::audio {

// Sets bands and hop_s of the sequence and the length of its labels, for as many whole hops as sound has. The labels
// say "no beat".
void listen(std::span<const float> sound, int rate_hz, EarSequence& sequence);

}  // namespace ombra::audio
