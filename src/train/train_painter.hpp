#pragma once
// What the painter learns, step by step; train/trainer.hpp runs it.
// Thread: one owner.

#include "train/corpus.hpp"
#include "train/trainer.hpp"

namespace ombra::train {

// Guided (the data set has joints): pictures are drawn on the spot from joints that are varied (limbs of other frames,
// limb lengths, size, place, lean), the code is trained to equal the joints' principal components and the strokes to
// equal the figure's; beside that, as without a guide, the picture must come back: L1 on distances, weighted to the
// edge.
Job painter_job(const model::Recipe& recipe, model::Painter painter, std::shared_ptr<const DataSet> data);

// -> intersection over union of the figures (distance < 0) of two stacks of fields [B, 1, S, S], mean over B
double intersection_over_union(const torch::Tensor& a, const torch::Tensor& b);

}  // namespace ombra::train
