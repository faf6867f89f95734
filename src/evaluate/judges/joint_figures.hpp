#pragma once
// Figures of a dance from its joints in space, as the literature on motion synthesis gives them. Poses [T, 60], metres,
// y above the floor, of one dancer. Thread: any.

#include <torch/torch.h>

#include <vector>

namespace ombra::train {

// How fast a foot slides while it is down, cm/s: mean horizontal speed of the ankles and toes that are within 3 cm of
// their lowest height (the fifth percentile of the passage, so that skeletons with other soles compare) in two frames
// one after another. NaN where none is.
double foot_sliding_cm_s(const torch::Tensor& poses, double fps);

// Physical foot contact score (Tseng, Castellon and Liu 2023, EDGE, eq. 10 and 11), 0 is best: a body's middle, here
// the hip, cannot be accelerated while both feet move. Mean over frames of |acceleration of the hip, downwards left
// out| * |velocity of the left foot| * |of the right|, over the largest acceleration; a foot is as slow as its slower
// joint. Times 100.
double foot_contact_score(const torch::Tensor& poses, double fps);

// Kinetic features (Onuma, Faloutsos and Hodgins 2008), by which dances are said to be diverse: for each joint mean
// squared speed along the floor, upwards, and mean acceleration. [60]
torch::Tensor kinetic_features(const torch::Tensor& poses, double fps);

// Mean distance between two of the rows [N, F] (Li, Yang, Ross and Kanazawa 2021, Dist_k), each number over the spread
// that it has in the real dance [M, F]; NaN where there are fewer than two.
double diversity(const torch::Tensor& rows, const torch::Tensor& real);

}  // namespace ombra::train
