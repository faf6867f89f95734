#pragma once
// Which pixels of the output the figures can touch.
// Thread: any (values).

#include "stage/uniforms.hpp"

namespace ombra::stage {

// A rectangle of pixels, y up; empty when right <= left or top <= bottom.
struct Area {
  int left = 0, bottom = 0, right = 0, top = 0;
};

// The smallest area that holds every place's near box, of an output of this size.
Area area_of(const FigureUniforms& f, int figures, bool mirror, int width, int height);

}  // namespace ombra::stage
