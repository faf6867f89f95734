#include "train/keras_metrics.hpp"

#include "core/error.hpp"

namespace ombra::train {

using torch::Tensor;

namespace {
constexpr double kEpsilon = 1e-7;
}  // namespace

double binary_accuracy(const Tensor& prediction, const Tensor& target) {
  return (prediction.round() == target.round()).to(torch::kDouble).mean().item<double>();
}

double categorical_accuracy(const Tensor& prediction, const Tensor& target) {
  return (prediction.argmax(-1) == target.argmax(-1)).to(torch::kDouble).mean().item<double>();
}

double picture_loss(const std::string& name, const Tensor& prediction, const Tensor& target) {
  const Tensor p = prediction.to(torch::kDouble), t = target.to(torch::kDouble);
  if (name == "mse") return (p - t).pow(2).mean().item<double>();
  if (name == "l1") return (p - t).abs().mean().item<double>();
  if (name != "bce") throw error("loss '{}': none on pictures 0..1\nhint: bce, mse or l1", name);
  const Tensor q = p.clamp(kEpsilon, 1.0 - kEpsilon);
  return -(t * q.log() + (1.0 - t) * (1.0 - q).log()).mean().item<double>();
}

}  // namespace ombra::train
