#pragma once
// One latent a step, as in the published systems: a network over codes with a mixture density head (Bishop 1994; Graves
// 2013) or plain regression. Its memory is a recurrent state that goes on, or a window of the last codes that it sees
// anew at every step. Codes are scaled inside, as the recipe says.
// B batch, T steps, Z code, K components. Thread: one owner.

#include "core/rng.hpp"
#include "model/layers/layers.hpp"

namespace ombra::model {

// What the dance so far leaves behind.
struct DancerMemory {
  NetworkState state;  // memory = carried
  torch::Tensor seen;  // [1, T, Z]: codes that the next step looks at; carried: the last one
};

class FrameDancerImpl : public torch::nn::Module {
 public:
  FrameDancerImpl(const Recipe& recipe, std::int64_t alternative);

  // codes [B, T, Z] -> what the head says of the next step, in scaled units: [B, T, K (2 Z + 1)] or [B, T, Z] where the
  // memory is carried, T = 1 where it is a window of T = context codes
  torch::Tensor forward(const torch::Tensor& codes, NetworkState* state = nullptr);
  // Loss of predicting, from codes [B, T, Z], the codes `next` [B, T, Z] that follow each (a window: the last of them
  // alone): negative log likelihood a number, or mean squared error.
  torch::Tensor loss(const torch::Tensor& codes, const torch::Tensor& next);
  // A dance that begins after a phrase [1, L, Z]; a window is filled up with its first code. with_state: where the
  // memory is carried, it hears the phrase; without, only its last code is remembered.
  DancerMemory remember(const torch::Tensor& phrase, bool with_state = true);
  // -> the next code [1, 1, Z], which is remembered
  torch::Tensor step(DancerMemory& memory, double temperature, Rng& rng);
  // A phrase [1, length, Z] of random numbers, even over the range of the codes.
  torch::Tensor random_phrase(std::int64_t length, Rng& rng) const;
  void fit_scale(const torch::Tensor& codes);  // [N, Z]

  torch::Tensor scaled(const torch::Tensor& codes) const { return (codes - mean_) / spread_; }
  // The network as plain values, as it is now.
  std::vector<LayerPlan> plan() const { return network_->plan(); }
  const torch::Tensor& mean() const { return mean_; }      // [Z]
  const torch::Tensor& spread() const { return spread_; }  // [Z]
  const torch::Tensor& low() const { return low_; }        // [Z]: range of the codes
  const torch::Tensor& high() const { return high_; }      // [Z]
  bool windowed() const { return windowed_; }
  bool mixture() const { return components_ > 0; }

 private:
  const FrameDancerSpec spec_;
  const std::int64_t code_;
  const bool windowed_;
  std::int64_t components_ = 0;
  Network network_{nullptr};
  torch::Tensor mean_, spread_;  // [Z]: scaled = (code - mean) / spread
  torch::Tensor low_, high_;     // [Z]: range of the codes
};
TORCH_MODULE(FrameDancer);

}  // namespace ombra::model
