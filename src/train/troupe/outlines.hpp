#pragma once
// How far drawn figures are from those that were seen. B pictures, S size. Thread: any.

#include <torch/torch.h>

namespace ombra::train {

// Fields [B, 1, S, S] in picture heights -> [B]: mean difference, weighted to the outline, in pixels of 96. Beyond
// `limit` heights distances are not told apart. With a gradient for what is drawn.
torch::Tensor outline_loss(const torch::Tensor& drawn, const torch::Tensor& seen, double limit);

// The same fields -> [B], intersection over union of the figures
torch::Tensor overlaps(const torch::Tensor& drawn, const torch::Tensor& seen);

}  // namespace ombra::train
