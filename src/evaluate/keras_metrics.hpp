#pragma once
// The two figures that papers on silhouette dance report as "accuracy", as Keras computes them.
// Thread: any.

#include <torch/torch.h>

namespace ombra::train {

// 'accuracy' of an autoencoder with a loss on pixels: Keras takes binary accuracy, the share of pixels at which the
// rounded prediction equals the target. Both hold values 0..1 and are rounded here, half to even as NumPy does, so that
// gray targets count as the black or white that they are nearer to (Keras itself would never call a gray pixel right).
// On mostly white frames an empty picture scores high: read it beside the intersection over union.
double binary_accuracy(const torch::Tensor& prediction, const torch::Tensor& target);

// 'accuracy' of a recurrent network that predicts codes with the mean squared error: Keras takes categorical accuracy,
// the share of rows [N, Z] whose largest number stands at the same place as the target's. For codes, which are no
// classes, it says little.
double categorical_accuracy(const torch::Tensor& prediction, const torch::Tensor& target);

}  // namespace ombra::train
