#pragma once
// AdamW (Loshchilov and Hutter 2019), Adam (Kingma and Ba 2015), RMSprop (Hinton 2012), Adadelta (Zeiler 2012) and
// plain gradient descent, with Keras' constants, whose whole state can be saved and restored exactly, the same way for
// every version of LibTorch. Thread: one owner.

#include "model/figure/recipe.hpp"
#include "model/layers/tensors.hpp"

namespace ombra::train {

class Optimiser {
 public:
  Optimiser(std::vector<torch::Tensor> parameters, const model::TrainSpec& spec);

  // Learning rate at a step of TrainSpec::steps: linear warm-up, then the schedule. In a run with a budget the step is
  // the share of the time that has passed, times steps.
  double rate(double step) const;
  // Clips the gradient's norm, moves the parameters at that step's rate, clears the gradient. -> the norm before
  // clipping; a step whose gradient is not finite moves nothing.
  double step(double step);

  void save(model::SafetensorsWriter& writer) const;
  void load(const model::SafetensorsFile& file);

 private:
  const model::TrainSpec spec_;
  std::vector<torch::Tensor> parameters_, mean_, square_;
  std::int64_t moves_ = 0;  // for the bias correction
};

}  // namespace ombra::train
