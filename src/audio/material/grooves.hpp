#pragma once
// Drum grooves that are drawn by the rules of a genre, for an ear that learns: a genre says where a drum may strike and
// how likely it does; a groove is one draw, kept for a section of eight bars, with fills, crashes and a drummer's own
// timing. There are more of them than of drummers, and what they share, such as a snare on two and four under a bass
// drum that may be anywhere, is what tells a beat from what lies between. Thread: any.

#include "audio/material/score.hpp"
#include "core/rng.hpp"

#include <span>
#include <string_view>

namespace ombra::audio {

// "rock", "hip hop", "one drop", ...
std::span<const std::string_view> groove_genres();

// -> about 75 s on the drum channel, in one tempo; bars begin at 0. Throws Error when there is no such genre.
Score draw_groove(std::string_view genre, Rng& rng);

}  // namespace ombra::audio
