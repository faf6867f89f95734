#pragma once
// From a picture to the distances to its outline. Vector propagation over the pixels (Danielsson, "Euclidean distance
// mapping", 1980, in Leymarie and Levine's eight-neighbour order, 1992), started from outline points found between
// pixels, so that a soft edge is placed to a fraction of a pixel.
// Thread: any (values).

#include <span>

namespace ombra::model {

// ink [height][width]: 0 ground .. 1 figure; the outline lies at 0.5. -> distance [height][width] in pixels, outside
// positive, from pixel centres. Without an outline all is farther than the picture is large. Sizes up to 16384.
void signed_distance(std::span<const float> ink, int width, int height, std::span<float> distance);

}  // namespace ombra::model
