#pragma once
// Phrases of real dance that a model starts from: spread over clips and energies.
// Thread: one owner.

#include "model/layers/model_folder.hpp"
#include "train/corpus.hpp"

namespace ombra::train {

// Up to 64 phrases of 8 moves from training passages seen from the front; passages must have moves.
model::Seeds move_seeds(const std::vector<Passage>& passages, const model::Recipe& recipe);

// Up to 64 contexts of recipe.dancer.context frames.
model::Seeds frame_seeds(const std::vector<Passage>& passages, const model::Recipe& recipe);

}  // namespace ombra::train
