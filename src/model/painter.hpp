#pragma once
// The painter: an autoencoder between distance fields and codes, guided where joints are known.
// Code z = (pose - mean) basis / scale: principal components of the joint positions, all in one unit, so that distances
// between codes are distances between poses. A decoder that ends in strokes predicts a figure of tapered capsules
// (shape abstraction by primitives, after Tulsiani 2017; drawn differentiably) and so has no pixels of its own:
// outlines are smooth at any size. Decoders that end in a picture serve the published recipes.
// B batch, Z code, K strokes, S size, P = 40 pose numbers. Thread: one owner.

#include "model/layers.hpp"

namespace ombra::model {

inline constexpr std::int64_t kPoseNumbers = 40;  // 20 joints x (x, y) in metres

class PainterImpl : public torch::nn::Module {
 public:
  PainterImpl(const PainterSpec& spec, std::int64_t size, const std::string& file);

  // fields [B, 1, S, S] in picture heights -> codes [B, Z]
  torch::Tensor encode(const torch::Tensor& fields);
  // The same, then `steps` steps of gradient descent on the codes themselves until they draw the given fields
  // (semi-amortised inference, Kim et al. 2018): for seeds and reconstruction, not for the live loop. Costs a drawing
  // and its gradient a step.
  torch::Tensor encode_closely(const torch::Tensor& fields, int steps = 40);
  // codes [B, Z] -> strokes [B, K, 6]; only where draws_strokes()
  torch::Tensor strokes(const torch::Tensor& codes);
  // codes [B, Z] -> fields [B, 1, size, size]; a decoder that ends in a picture is resampled to size
  torch::Tensor decode(const torch::Tensor& codes, std::int64_t size);

  torch::Tensor code_of(const torch::Tensor& pose) const;  // [..., P] metres -> [..., Z]
  torch::Tensor pose_of(const torch::Tensor& code) const;  // [..., Z] -> [..., P]
  // Principal components of poses [N, P]; sets mean, basis and scale.
  void fit_code(const torch::Tensor& poses);

  // KL or sparsity of the last encode() in training mode, undefined where the recipe has none
  torch::Tensor penalty() const { return encoder_->penalty(); }

  bool draws_strokes() const { return decoder_->strokes() > 0; }
  torch::Device device() const { return mean_.device(); }
  std::int64_t size() const { return size_; }
  std::int64_t code() const { return code_; }

 private:
  std::int64_t size_, code_;
  Network encoder_{nullptr}, decoder_{nullptr};
  torch::Tensor mean_, basis_, scale_;  // [P], [P, Z], []
};
TORCH_MODULE(Painter);

}  // namespace ombra::model
