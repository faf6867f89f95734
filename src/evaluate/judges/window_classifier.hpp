#pragma once
// A small classifier of short windows of movement: two convolutions over time, then the mean and the largest of what
// they found anywhere in the window. N windows, T steps of F numbers, K classes. Thread: one owner; probabilities: any.

#include <torch/torch.h>

#include <cstdint>

namespace ombra::train {

struct ClassifierOptions {
  std::uint64_t seed = 1;
  std::int64_t steps = 400, batch = 64;
  // How much windows are varied while they are learned, so that a movement counts more than who does it: 1: each number
  // shifted by a standard deviation for the whole window, all movement larger or smaller by a fifth.
  double vary = 0.0;
};

// track [.., F] -> its windows [N, T, F], the first of each hop steps; what is left at the end is too short for one
torch::Tensor windows_of(const torch::Tensor& track, std::int64_t steps, std::int64_t hop);

class WindowClassifier {
 public:
  // windows [N, T, F], T >= 4; classes [N], 0 .. K - 1. Numbers are standardised over all windows, and each class is
  // drawn equally often, however many windows it has. Throws Error where a class has none, or a number is not finite.
  static WindowClassifier train(const torch::Tensor& windows, const torch::Tensor& classes, std::int64_t count,
                                const ClassifierOptions& options = {});

  // windows [N, T, F] -> [N, K], rows of sum 1; T may differ from that of training
  torch::Tensor probabilities(const torch::Tensor& windows) const;

 private:
  WindowClassifier(const torch::Tensor& windows, std::int64_t count);
  torch::Tensor logits(const torch::Tensor& windows) const;

  torch::Tensor mean_, scale_;  // [F]
  torch::nn::Sequential found_, said_;
};

}  // namespace ombra::train
