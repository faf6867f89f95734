#pragma once
// Whether the strokes of a figure hang together: a body is one piece, whatever its hair does. B figures, K strokes.
// Thread: any.

#include <torch/torch.h>

namespace ombra::train {

// Strokes [B, K, 6], joined by the K - 1 shortest links that join them all (Prim 1957) -> [B]: how much those links
// would have to be shortened for each to overlap by kOverlap, in picture heights, summed. With a gradient. Where two
// strokes are nearest is sought at the ends and the middle of both.
torch::Tensor loose_strokes(const torch::Tensor& strokes);

inline constexpr double kOverlap = 0.0005;  // picture heights

}  // namespace ombra::train
