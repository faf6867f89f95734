#pragma once
// Figures of a dance as a movement in code space, at a fixed frame rate. T frames, Z code, W windows.
// Thread: any.

#include <torch/torch.h>

#include <vector>

namespace ombra::train {

// Mean distance between neighbouring frames, [T - 1]
torch::Tensor speeds(const torch::Tensor& codes);

// One-second windows every half second: mean, spread and mean speed of the first 16 dimensions, [W, 48]
torch::Tensor window_features(const torch::Tensor& codes, int frames_per_second);

// Frechet distance of two sets of features (Heusel et al. 2017): |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2))
double frechet_distance(const torch::Tensor& a, const torch::Tensor& b);

// Share of whole seconds with less than a quarter of mean_speed
double frozen_share(const torch::Tensor& codes, int frames_per_second, double mean_speed);

// One-second windows of codes, at ten frames a second, flattened: [W, 10 Z]; every `stride` frames
torch::Tensor second_windows(const torch::Tensor& codes, int frames_per_second, std::int64_t stride);

// For each row of windows the root mean square distance to its nearest row of known: mean over rows
double nearest_distance(const torch::Tensor& windows, const torch::Tensor& known);

// speeds() with the first value twice, so that there is one a frame: [T]
std::vector<double> speed_list(const torch::Tensor& codes);

}  // namespace ombra::train
