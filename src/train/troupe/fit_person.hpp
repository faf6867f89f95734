#pragma once
// Somebody whom a painter of people has never seen, in poses that are known: the vector that draws them best, the
// painter staying as it is. Thread: one owner.

#include "model/layers/model_folder.hpp"
#include "train/troupe/people_draw.hpp"

namespace ombra::train {

// From pictures of one figure in known poses -> [people] of a model with_own_axis(), whose last axis learns what the
// cast has not. Begins with whoever of the cast is nearest, and first stays among those whom the cast spans
// (person_space.hpp), for so many steps; then so many more with the axis.
torch::Tensor fit_person(model::Model& m, PeopleDraw& pictures, std::int64_t steps = 200, std::int64_t own = 500);

}  // namespace ombra::train
