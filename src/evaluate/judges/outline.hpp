#pragma once
// Figures of a silhouette as a picture: outline error and disconnected pieces, at projection size.
// Thread: any.

#include <span>

namespace ombra::train {

// Mean distance, in pixels, of the outline of `drawn` from that of `truth` and the other way round (their mean), by
// reading one distance field where the other crosses zero. Fields are size x size in picture heights.
double outline_error_px(std::span<const float> drawn, std::span<const float> truth, int size);

// How far the outline moves from one picture to the next, pixels: mean of |after - before| along it.
double outline_change_px(std::span<const float> before, std::span<const float> after, int size);

// How many connected pieces (4-neighbours) of distance < 0 the picture has; specks under min_area pixels do not count.
int pieces(std::span<const float> field, int size, int min_area);

}  // namespace ombra::train
