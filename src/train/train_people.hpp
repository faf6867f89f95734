#pragma once
// What a painter of people learns: to draw the troupe in any pose, from any side (its decoder, and a vector for each
// person), and to read a pose off a silhouette (its encoder). train/trainer.hpp runs it. Thread: one owner.

#include "model/layers/model_folder.hpp"
#include "train/trainer.hpp"
#include "train/troupe/people_draw.hpp"

namespace ombra::train {

// The strokes of a fresh painter of people, laid on the bones of the usual body, whoever is drawn; those beyond the
// bones lie in the trunk.
void begin_on_bones(const model::PainterSpec& spec, const model::NetworkImpl& decoder);

// Decoder and vectors [N, people], which the job changes in place. Strokes begin on the bones of the usual body; fields
// drawn must come near those of the figures, near their outlines above all.
Job people_job(const model::Recipe& recipe, model::Painter painter, torch::Tensor vectors,
               std::shared_ptr<PeopleDraw> training, std::shared_ptr<PeopleDraw> held_out);

// The encoder alone: the code of the pose, whoever dances. Its pictures are the trained painter's own, which cost a
// twentieth of the figures', of anybody between two of the vectors [N, people]. Of several guesses the nearest one
// learns, the others hardly.
Job people_encoder_job(const model::Recipe& recipe, model::Painter painter, torch::Tensor vectors,
                       std::shared_ptr<PeopleDraw> training, std::shared_ptr<PeopleDraw> held_out);

}  // namespace ombra::train
