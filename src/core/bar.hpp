#pragma once
// Whether a grid's bar is to be believed. Thread: any.

#include "core/frames.hpp"

namespace ombra {

// Is the beginning of the bar claimed, or only a guess?
inline bool bar_known(const BeatGrid& grid) { return grid.bar_confidence >= 0.5f; }

}  // namespace ombra
