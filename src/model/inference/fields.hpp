#pragma once
// From a recipe's own picture to the distance field that the show draws: the middle of the picture, standing on the
// lower edge of a square, its distances to the outline, at any size. Gives what PainterImpl::fields_of gives, to
// rounding. Thread: any (values).

#include "model/figure/decoder_plan.hpp"

#include <span>
#include <vector>

namespace ombra::model {

// picture [H][W][C] of plan.output, as the last layer gives it -> field [size][size] in heights of the square, outside
// positive, clamped to +-kMaxDistance. square: scratch.
void picture_to_field(std::span<const float> picture, const DecoderPlan& plan, int size, std::vector<float>& square,
                      std::span<float> field);

// Bicubic interpolation (Keys 1981, a = -0.75, corners not aligned, edges repeated, as LibTorch has it):
// from [side][side] -> to [size][size].
void resize_bicubic(std::span<const float> from, int side, std::span<float> to, int size);

}  // namespace ombra::model
