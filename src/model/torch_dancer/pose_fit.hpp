#pragma once
// Which code draws a given silhouette: for the pose in which somebody's video ends, which the encoder alone, made for
// one body in one framing, guesses too roughly. Thread: one caller.

#include "model/layers/model_folder.hpp"

namespace ombra::model {

struct PoseFit {
  std::int64_t framing = 0;  // the one that can be drawn best
  torch::Tensor code;        // [Z]
  double overlap = 0.0;      // intersection over union of what it draws
  bool whole = true;         // false: a pose of the seeds instead of what is seen
};

// fields [F, 1, S, S]: the same silhouette in several framings. The starts are what the encoder guesses and those poses of
// the model's seeds that look most alike; the best of them are improved by gradient descent on the outline. Where
// even that comes to little, the silhouette is no whole body (a background that was never seen hides half of it): then
// it is the pose of the seeds that looks most alike, for no dance begins dismembered. Only for painters that draw
// strokes.
PoseFit fit_pose(Model& model, const torch::Tensor& fields);

}  // namespace ombra::model
