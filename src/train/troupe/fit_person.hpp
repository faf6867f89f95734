#pragma once
// Somebody whom a painter of people has never seen, in poses that are known: the vector that draws them best, the
// painter staying as it is. Thread: one owner.

#include "model/layers/model_folder.hpp"
#include "train/troupe/people_draw.hpp"

namespace ombra::train {

// From pictures of one figure in known poses -> [people]. Begins with whoever of the cast is nearest, and stays among
// those whom the cast spans (person_space.hpp).
torch::Tensor fit_person(model::Model& m, PeopleDraw& pictures, std::int64_t steps = 200);

}  // namespace ombra::train
