#pragma once
// The beats that aubio hears, to measure against: its `tempo` object, method "default", a window of 1024 samples and a
// hop of 512, as its documentation recommends at 44100 samples a second. Nothing in the show uses it.
// Thread: any.

#include <span>
#include <vector>

namespace ombra::audio {

// -> beats in s. Throws Error when aubio refuses the rate.
std::vector<double> aubio_beats(std::span<const float> mono, int rate_hz);

}  // namespace ombra::audio
