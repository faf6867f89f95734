#pragma once
// What the painter learns, step by step; train/trainer.hpp runs it.
// Thread: one owner.

#include "train/corpus.hpp"
#include "train/trainer.hpp"

namespace ombra::train {

// Pictures of the view must come back from their codes, by the recipe's loss: L1 on distances weighted to the edge, or
// cross-entropy, squares or L1 of light.
// Guided (the recipe says so and there are poses [N, 40]): pictures are drawn on the spot from joints that are varied
// (limbs of other frames, limb lengths, size, place, lean), the code is trained to equal the joints' principal
// components and the strokes to equal the figure's. Where clips have no joints of their own, half of each batch is
// theirs, unguided: so their dancers land among the codes of the poses that they look like. fit_code: the principal
// components are found anew.
Job painter_job(const model::Recipe& recipe, model::Painter painter, std::shared_ptr<const FrameView> view,
                const torch::Tensor& poses, bool fit_code);

// The recipe's loss between pictures [B, C, H, W] in its own units
torch::Tensor picture_loss(const model::Recipe& recipe, const torch::Tensor& drawn, const torch::Tensor& wanted);

// -> intersection over union of the figures (distance < 0) of two stacks of fields [B, 1, S, S], mean over B
double intersection_over_union(const torch::Tensor& a, const torch::Tensor& b);

}  // namespace ombra::train
