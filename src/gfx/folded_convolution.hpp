#pragma once
// Convolutions with the upsampling in front of them, or with their own transposition, folded into the weights.
// Thread: any (values).

#include "model/figure/decoder_plan.hpp"

#include <functional>

namespace ombra::gfx {

// What a convolution is once upsampling and transposition are folded into it: phases x phases small ones, with
// weight(phase_y, phase_x, out, in, y, x) over the input pixels from floor((phase - top) / phases) on.
struct Folded {
  int phases = 1, kernel_h = 1, kernel_w = 1, top = 0, left = 0;
  std::function<float(int, int, int, int, int, int)> weight;
};

// Upsampling by `phases`, then the convolution: weights that meet the same input pixel are added up. The step must
// live as long as what comes of it.
Folded fold_upsampling(const model::PlanStep& step, int phases);
// A transposed convolution of any stride. The step must live as long as what comes of it.
Folded fold_transposed(const model::PlanStep& step);
// A transposed convolution of stride 1 is a convolution with its kernel turned round.
model::PlanStep as_convolution(const model::PlanStep& step);

}  // namespace ombra::gfx
