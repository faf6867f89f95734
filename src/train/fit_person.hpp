#pragma once
// Somebody whom a painter of people has never seen: the vector that draws them best, the painter staying as it is.
// Thread: one owner.

#include "model/layers/model_folder.hpp"
#include "train/troupe/people_draw.hpp"

namespace ombra::train {

// From pictures of one figure in known poses -> [people]
torch::Tensor fit_person(model::Model& m, PeopleDraw& pictures, std::int64_t steps = 200);

}  // namespace ombra::train
