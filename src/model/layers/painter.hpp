#pragma once
// The painter: an autoencoder between pictures and codes.
// Ours works on distance fields and is guided where joints are known: code z = (pose - mean) basis / scale, principal
// components of the joint positions, all in one unit, so that distances between codes are distances between poses. A
// decoder that ends in strokes predicts a figure of tapered capsules (shape abstraction by primitives, after Tulsiani
// 2017; drawn differentiably) and so has no pixels of its own: outlines are smooth at any size.
// A painter of people has its code in space (model/figure/pose_code.hpp), and its decoder is given what the code makes
// of the usual body, hair and hems at rest, and a person: somebody of its cast, or anybody between them. Decoders that
// end in a picture serve the published recipes; their pictures become distance fields for the show. B batch, C
// channels, Z code, K strokes, S size, P = 40 pose numbers, of a code in space 60. Thread: one owner.

#include "model/figure/body_numbers.hpp"
#include "model/figure/decoder_plan.hpp"
#include "model/figure/pose_code.hpp"
#include "model/layers/guesses.hpp"
#include "model/layers/layers.hpp"

namespace ombra::model {

class PainterImpl : public torch::nn::Module {
 public:
  explicit PainterImpl(const Recipe& recipe);

  // pictures [B, C, height, width] as the recipe's [frames] says -> codes [B, Z]: distances in picture heights, or
  // light from 0 to 1
  torch::Tensor encode(const torch::Tensor& pictures);
  // The same of pictures one after the other, fps a second.
  torch::Tensor encode_in_time(const torch::Tensor& pictures, double fps);
  // All that the encoder says; what draws the picture badly is less likely.
  Guesses guesses(const torch::Tensor& pictures);
  // The same without a look at what they draw: codes, costs as they are learned
  Guesses raw_guesses(const torch::Tensor& pictures);
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
  // Painters of people: bodies [B, kBodyNumbers], persons [B, people] -> strokes [B, K, 6]
  torch::Tensor people_strokes(const torch::Tensor& bodies, const torch::Tensor& persons);
  // codes [B, Z] -> bodies [B, kBodyNumbers], from the front, hands relaxed; with a gradient
  torch::Tensor bodies_of(const torch::Tensor& codes) const;
  // The person that codes are drawn as where nobody is named: [people]
  torch::Tensor person() const { return person_; }
  void set_person(const torch::Tensor& person) { person_.copy_(person); }
  void set_foot_pitch(double radians) { foot_pitch_ = static_cast<float>(radians); }  // Cast
  // codes [B, Z] -> pictures [B, C, height, width] in the recipe's own units, as the loss sees them
  torch::Tensor decode_pictures(const torch::Tensor& codes);
  // codes [B, Z] -> fields [B, 1, size, size] for the show, in heights of that square picture, whatever the recipe. A
  // wide picture fills the square with its middle; as much of its width is kept as the footage uses (span()).
  torch::Tensor decode(const torch::Tensor& codes, std::int64_t size);
  // The same of what the decoder is given: codes, or bodies and persons side by side [B, kBodyNumbers + people]
  torch::Tensor decode_given(const torch::Tensor& given, std::int64_t size);
  // The same of any pictures [B, C, height, width]: what decode() would give if it were perfect
  torch::Tensor fields_of(const torch::Tensor& pictures, std::int64_t size) const;
  // Side of the show's square in picture heights, >= 1
  double span() const { return span_.item<double>(); }
  // span = what these pictures [B, C, height, width] use of their width
  void widen_span(const torch::Tensor& pictures);

  // [..., P] -> [..., Z]; poses in metres, of codes in space x, y, z of each joint as the camera sees them
  torch::Tensor code_of(const torch::Tensor& pose) const;
  torch::Tensor pose_of(const torch::Tensor& code) const;  // [..., Z] -> [..., P]
  // Principal components of poses [N, P]; sets mean, basis and scale.
  void fit_code(const torch::Tensor& poses);
  PoseCode pose_code() const;
  bool in_space() const { return carriage_.defined(); }
  std::int64_t pose_numbers() const { return mean_.size(0); }  // P

  // KL or sparsity of the last encode() in training mode, undefined where the recipe has none
  torch::Tensor penalty() const { return encoder_->penalty(); }

  // The decoder as plain steps with their weights as they are now, for another executor.
  PlanOrReason decoder_plan() const;

  const NetworkImpl& decoder() const { return *decoder_; }
  std::shared_ptr<NetworkImpl> encoder() { return encoder_.ptr(); }

  bool draws_strokes() const { return decoder_->strokes() > 0; }
  torch::Device device() const { return mean_.device(); }
  const FramesSpec& frames() const { return frames_; }
  std::int64_t code() const { return code_; }

 private:
  torch::Tensor fit_carriage(const torch::Tensor& poses);

  const FramesSpec frames_;
  const std::int64_t code_, guesses_;
  float foot_pitch_ = 0.0f;
  Network encoder_{nullptr}, decoder_{nullptr};
  torch::Tensor mean_, basis_, scale_;  // [P], [P, Z], []
  torch::Tensor carriage_, person_;     // in space: PoseCode's middle and reach [6]; [people]
  torch::Tensor span_;                  // []
};
TORCH_MODULE(Painter);

}  // namespace ombra::model
