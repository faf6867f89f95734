#pragma once
// One latent a step, as in the published systems: a recurrent network over codes with a mixture density head
// (Bishop 1994; Graves 2013) or plain regression. Codes are scaled to zero mean and unit spread inside.
// B batch, T steps, Z code, K components. Thread: one owner.

#include "core/rng.hpp"
#include "model/layers.hpp"

namespace ombra::model {

class FrameDancerImpl : public torch::nn::Module {
 public:
  FrameDancerImpl(const FrameDancerSpec& spec, std::int64_t code, const std::string& file);

  // codes [B, T, Z] -> what the head says of the next step: [B, T, K (2 Z + 1)] or [B, T, Z], in scaled units
  torch::Tensor forward(const torch::Tensor& codes, NetworkState* state = nullptr);
  // loss of predicting next [B, T, Z] from codes [B, T, Z]: negative log likelihood a number, or mean squared error
  torch::Tensor loss(const torch::Tensor& codes, const torch::Tensor& next);
  // One step after `code` [1, 1, Z]: -> the next code [1, 1, Z]
  torch::Tensor step(const torch::Tensor& code, NetworkState& state, double temperature, Rng& rng);
  void fit_scale(const torch::Tensor& codes);  // [N, Z]

 private:
  torch::Tensor scaled(const torch::Tensor& codes) const { return (codes - mean_) / spread_; }

  bool mixture_;
  std::int64_t code_, components_ = 0;
  Network network_{nullptr};
  torch::Tensor mean_, spread_;  // [Z]
};
TORCH_MODULE(FrameDancer);

}  // namespace ombra::model
