#pragma once
// What a frame dancer learns: the next code after the ones so far; train/trainer.hpp runs it.
// Thread: one owner.

#include "model/frame_dancer.hpp"
#include "train/corpus.hpp"
#include "train/trainer.hpp"

namespace ombra::train {

Job frames_job(const model::Recipe& recipe, model::FrameDancer net, std::shared_ptr<std::vector<Passage>> passages);

}  // namespace ombra::train
