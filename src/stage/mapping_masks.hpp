#pragma once
// Masks of a mapping as a picture: how much of the light is let through. Made by the processor when they change.
// Thread: any.

#include "stage/mapping.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace ombra::stage {

struct MaskPicture {
  int width = 0, height = 0;         // 0: no mask hides anything
  std::vector<std::uint8_t> values;  // rows from below, as OpenGL counts them; 255: all
};

// For an output of width x height pixels. The picture has as many, or halves of that where so many wide edges would
// take long.
MaskPicture mask_picture(std::span<const Mask> masks, int width, int height);

}  // namespace ombra::stage
