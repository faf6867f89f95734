#pragma once
// Shapes in a picture of ink: small ones taken away, gaps closed, holes filled. Soft edges of what stays are kept.
// Thread: any.

#include <cstdint>
#include <span>
#include <vector>

namespace ombra::train {

// mask [height][width]: 0 or 1. Grown or shrunk by a disc of this radius (pixels); beyond the edge is nothing (grow)
// or everything (shrink), so that a figure at the edge is not eaten.
void grow(std::span<std::uint8_t> mask, int width, int height, int radius);
void shrink(std::span<std::uint8_t> mask, int width, int height, int radius);

// Areas that hang together (eight neighbours for value 1, four for value 0).
struct Blobs {
  std::vector<std::int32_t> label;  // [height][width], 0 .. area.size() - 1, or -1 where the mask has the other value
  std::vector<std::int32_t> area;   // pixels
  std::vector<bool> at_edge;        // does it touch the picture's edge?
};
Blobs find_blobs(std::span<const std::uint8_t> mask, int width, int height, std::uint8_t value);

struct CleanSpec {
  int close = 0, open = 0;   // radii, pixels: gaps narrower than twice the first close, threads thinner vanish
  double keep_share = 0.0;   // blobs smaller than this share of the largest vanish; 1: only the largest stays
  double speck_share = 0.0;  // of the picture: smaller blobs vanish even when nothing is larger
  double hole_share = 0.0;   // of the largest blob: smaller holes are filled
};

// ink [height][width], 0..1; what is over 0.5 is the shape.
void clean(std::span<float> ink, int width, int height, const CleanSpec& spec);

}  // namespace ombra::train
