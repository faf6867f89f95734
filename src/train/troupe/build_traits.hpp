#pragma once
// Directions in the space of persons along which somebody becomes taller or stouter, found from the figures that were
// learned. Thread: any.

#include "train/troupe/people_draw.hpp"

#include <torch/torch.h>

namespace ombra::train {

// Height of a figure at rest, m, and how stout it is: the mean width and depth of its trunk and limbs over its height.
struct Build {
  double height = 0.0, stoutness = 0.0;
};
Build build_of(const Person& person);

// vectors [N, P] of the troupe -> [2, P]: what a deviation of the troupe's height, and of its stoutness, adds to a
// vector, each at the other's mean (least squares); undefined where there are too few figures or they are all alike.
torch::Tensor build_directions(const Troupe& troupe, const torch::Tensor& vectors);

}  // namespace ombra::train
