#pragma once
// The painter: an autoencoder between pictures and codes.
// Ours works on distance fields and is guided where joints are known: code z = (pose - mean) basis / scale, principal
// components of the joint positions, all in one unit, so that distances between codes are distances between poses. A
// decoder that ends in strokes predicts a figure of tapered capsules (shape abstraction by primitives, after Tulsiani
// 2017; drawn differentiably) and so has no pixels of its own: outlines are smooth at any size.
// Decoders that end in a picture serve the published recipes; their pictures become distance fields for the show.
// B batch, C channels, Z code, K strokes, S size, P = 40 pose numbers. Thread: one owner.

#include "model/figure/decoder_plan.hpp"
#include "model/figure/joints.hpp"
#include "model/layers/layers.hpp"

namespace ombra::model {

class PainterImpl : public torch::nn::Module {
 public:
  explicit PainterImpl(const Recipe& recipe);

  // pictures [B, C, height, width] as the recipe's [frames] says -> codes [B, Z]: distances in picture heights, or
  // light from 0 to 1
  torch::Tensor encode(const torch::Tensor& pictures);
  // The same, then improved (semi-amortised inference, Kim et al. 2018): for seeds and reconstruction, not for the live
  // loop. Only where draws_strokes().
  torch::Tensor encode_closely(const torch::Tensor& fields, int steps = 40);
  // Gradient descent on codes [N, Z] themselves until they draw fields [N, 1, S, S], with a rate that falls to nothing.
  // near: pull back to where they began, for what the fields do not show. Costs a drawing and its gradient a step.
  struct Descent {
    int steps;
    double rate, near;
  };
  torch::Tensor improved(const torch::Tensor& codes, const torch::Tensor& fields, const Descent& descent);
  // codes [B, Z] -> strokes [B, K, 6]; only where draws_strokes()
  torch::Tensor strokes(const torch::Tensor& codes);
  // codes [B, Z] -> pictures [B, C, height, width] in the recipe's own units, as the loss sees them
  torch::Tensor decode_pictures(const torch::Tensor& codes);
  // codes [B, Z] -> fields [B, 1, size, size] for the show, in heights of that square picture, whatever the recipe. A
  // wide picture fills the square with its middle; as much of its width is kept as the footage uses (span()).
  torch::Tensor decode(const torch::Tensor& codes, std::int64_t size);
  // The same of any pictures [B, C, height, width]: what decode() would give if it were perfect
  torch::Tensor fields_of(const torch::Tensor& pictures, std::int64_t size) const;
  // Side of the show's square in picture heights, >= 1
  double span() const { return span_.item<double>(); }
  // span = what these pictures [B, C, height, width] use of their width
  void widen_span(const torch::Tensor& pictures);

  torch::Tensor code_of(const torch::Tensor& pose) const;  // [..., P] metres -> [..., Z]
  torch::Tensor pose_of(const torch::Tensor& code) const;  // [..., Z] -> [..., P]
  // Principal components of poses [N, P]; sets mean, basis and scale.
  void fit_code(const torch::Tensor& poses);

  // KL or sparsity of the last encode() in training mode, undefined where the recipe has none
  torch::Tensor penalty() const { return encoder_->penalty(); }

  // The decoder as plain steps with their weights as they are now, for another executor.
  PlanOrReason decoder_plan() const;

  const NetworkImpl& decoder() const { return *decoder_; }

  bool draws_strokes() const { return decoder_->strokes() > 0; }
  torch::Device device() const { return mean_.device(); }
  const FramesSpec& frames() const { return frames_; }
  std::int64_t code() const { return code_; }

 private:
  const FramesSpec frames_;
  const std::int64_t code_;
  Network encoder_{nullptr}, decoder_{nullptr};
  torch::Tensor mean_, basis_, scale_;  // [P], [P, Z], []
  torch::Tensor span_;                  // []
};
TORCH_MODULE(Painter);

}  // namespace ombra::model
