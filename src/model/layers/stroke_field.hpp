#pragma once
// Strokes as a differentiable picture: draw_strokes and its gradient as one LibTorch operation.
// Thread: one owner.

#include <torch/torch.h>

namespace ombra::model {

// strokes [B, K, 6] float -> fields [B, 1, S, S] in picture heights, clamped to +-kMaxDistance.
// On the CPU by the kernels of model/figure/strokes.hpp, pictures side by side in threads; elsewhere by tensor
// operations.
torch::Tensor stroke_field(const torch::Tensor& strokes, std::int64_t size);

// The same formula in tensor operations only: the oracle of the kernels, and the way on a GPU. Memory: B * K * S * S.
torch::Tensor stroke_field_by_tensors(const torch::Tensor& strokes, std::int64_t size);

}  // namespace ombra::model
