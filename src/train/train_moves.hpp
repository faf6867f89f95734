#pragma once
// What the mover and the choreographer learn, step by step; train/trainer.hpp runs it.
// Thread: one owner.

#include "model/layers/choreographer.hpp"
#include "train/corpus.hpp"
#include "train/trainer.hpp"

namespace ombra::train {

// Smooth L1 on codes, more on their velocity, and on the log of speed. passages must be in beat time.
Job mover_job(const model::Recipe& recipe, model::Mover mover, model::Painter painter,
              std::shared_ptr<std::vector<Passage>> passages);

// Cross-entropy of each book's entry of the next move. passages must have moves.
Job choreographer_job(const model::Recipe& recipe, model::Choreographer net,
                      std::shared_ptr<std::vector<Passage>> passages);

}  // namespace ombra::train
