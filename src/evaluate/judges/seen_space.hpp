#pragma once
// A dance as an audience sees it: joints in the picture plane, from the front, as principal components of those of the
// footage. One yardstick for dancers whose codes are poses, in the plane or in space. T frames, Z code. Thread: any.

#include "model/layers/painter.hpp"

#include <vector>

namespace ombra::train {

class SeenSpace {
 public:
  // footage: joints in the picture plane [N, 40] m. N is 0 where they are not known, or where the painter's codes are
  // no poses: dances are measured in their codes then.
  SeenSpace(model::Painter painter, const torch::Tensor& footage);

  // codes [T, Z] -> [T, 40], in units in which the footage has a variance of 24, as guided codes have
  torch::Tensor operator()(const torch::Tensor& codes) const;
  std::vector<torch::Tensor> operator()(const std::vector<torch::Tensor>& dances) const;

 private:
  model::Painter painter_;
  torch::Tensor mean_, basis_;  // [40], [40, 40]; undefined: codes as they are
};

}  // namespace ombra::train
