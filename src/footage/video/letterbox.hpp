#pragma once
// Black bars round a film that was fitted into another shape.
// Thread: any.

#include "media/read/video_reader.hpp"

#include <span>

namespace ombra::train {

// The part of a picture that holds one, in pixels.
struct Content {
  int left = 0, top = 0, right = 0, bottom = 0;  // right and bottom: one past the last
};

// -> all of the picture unless rows (or columns) at both of two opposite edges are black in every one of the pictures
// while what lies between is not. At least one picture, all of one size.
Content find_content(std::span<const media::VideoFrame> pictures);

}  // namespace ombra::train
