#pragma once
// Somebody whom a painter of people has never seen, from silhouettes alone: the encoder says in which poses, whoever of
// the cast looks most like them is where it begins, and then the person's vector, the poses and how large it all is are
// found together by gradient descent on the outlines, the painter staying as it is but for an axis of the person's own.
// Frames that no pose explains are left out. N frames, S size. Thread: one owner.

#include "model/layers/model_folder.hpp"

#include <functional>
#include <string>

namespace ombra::train {

struct FootagePerson {
  torch::Tensor vector;                 // [people]
  std::string nearest;                  // of the cast
  double scale = 1.0;                   // of the footage: figures are so much larger than the painter draws this person
  std::int64_t used = 0, left_out = 0;  // frames
  double overlap = 0.0;                 // of what is drawn with the frames that are used, mean intersection over union
};

struct FootageFit {
  double share = 1.0;               // of the usual number of steps
  bool own_axis = false;            // of a model with_own_axis(): what the cast has not is learned, too (own_axis.hpp)
  double limit = 0.0;               // distance that the footage knows at most, in picture heights; 0: all
  std::function<bool()> stop = {};  // asked between steps: leave it there
};

// fields [N, 1, S, S]: one dancer, a complete figure in each, S as the encoder wants it. The cast is that of the model.
// codes [N, Z]: poses to begin with; undefined: as the encoder reads them. Where stop() ends it, what there is by then.
// Throws Error where too few of the frames show somebody.
FootagePerson person_from_footage(model::Model& m, const torch::Tensor& fields, const FootageFit& how = {},
                                  const torch::Tensor& codes = {});

// How well a person [people] draws fields [N, 1, S, S], each in the pose that suits best: mean intersection over union.
double overlap_as(model::Model& m, const torch::Tensor& vector, const torch::Tensor& fields, FootageFit how = {});

}  // namespace ombra::train
