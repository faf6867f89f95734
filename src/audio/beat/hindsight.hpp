#pragma once
// What a listener who knows how the music goes on would have said earlier: the beat grid of a whole track, put
// right from behind. A live tracker needs some seconds to find the beat and slides into place; offline those seconds
// are danced to the grid that it found. Thread: any.

#include "core/frames.hpp"

#include <span>
#include <vector>

namespace ombra::audio {

// As analyse() of analysis.hpp, with hindsight.
std::vector<AudioFrame> analyse_whole(std::span<const float> mono, int rate_hz);

// Corrects the grids of consecutive hops of one track, nothing else. Where the beat had not been found yet, the
// line of the settled grid that follows is continued backwards: to the beginning, or, after a passage in which the beat
// was lost, over at most 8 s, blended with what was danced to before. Beats stay continuous and rising, and the beat
// nearest to the beginning gets a whole bar's number. A bar, too, is known from where its beats began. Hops after which
// no beat is found stay as they are.
void use_hindsight(std::vector<AudioFrame>& hops);

}  // namespace ombra::audio
