#pragma once
// What the frame-wise dancer learns. Thread: one owner.

#include "model/layers/frame_dancer.hpp"
#include "train/corpus.hpp"
#include "train/trainer.hpp"

namespace ombra::train {

// Codes of the next frames predicted from those before; passages in `train` teach, those in `held` validate.
Job frames_job(const model::Recipe& recipe, model::FrameDancer net, std::vector<const Passage*> train,
               std::vector<const Passage*> held);

// Passages that are long enough for the recipe, held out or not. Throws Error when no training clip is.
std::vector<const Passage*> long_enough(const std::vector<Passage>& passages, const model::Recipe& recipe,
                                        bool held_out);

// Which of the recipe's alternatives predicts clips best that it has not seen: each is trained three times on two
// thirds of the clips and judged on the last (three-fold cross-validation, Stone 1974). A `share` of the dancer's steps
// is spent, or where.left_s. -> its number; -1 when interrupted.
std::int64_t best_alternative(const model::Recipe& recipe, const std::vector<Passage>& passages, const Where& where,
                              double share);

}  // namespace ombra::train
