#include "evaluate/keras_metrics.hpp"

namespace ombra::train {

using torch::Tensor;

double binary_accuracy(const Tensor& prediction, const Tensor& target) {
  return (prediction.round() == target.round()).to(torch::kDouble).mean().item<double>();
}

double categorical_accuracy(const Tensor& prediction, const Tensor& target) {
  return (prediction.argmax(-1) == target.argmax(-1)).to(torch::kDouble).mean().item<double>();
}

}  // namespace ombra::train
