#pragma once
// AdamW (Loshchilov and Hutter 2019) and RMSprop (Hinton 2012) whose whole state can be saved and restored exactly,
// the same way for every version of LibTorch. Thread: one owner.

#include "model/recipe.hpp"
#include "model/tensors.hpp"

namespace ombra::train {

class Optimiser {
 public:
  Optimiser(std::vector<torch::Tensor> parameters, const model::TrainSpec& spec);

  // Learning rate at a step: linear warm-up, then a cosine down to a twentieth of the peak.
  double rate(std::int64_t step) const;
  // Clips the gradient's norm, moves the parameters, clears the gradient. -> the norm before clipping;
  // a step whose gradient is not finite moves nothing.
  double step(std::int64_t step);

  void save(model::SafetensorsWriter& writer) const;
  void load(const model::SafetensorsFile& file);

 private:
  const model::TrainSpec spec_;
  std::vector<torch::Tensor> parameters_, mean_, square_;
  std::int64_t moves_ = 0;  // for the bias correction
};

}  // namespace ombra::train
