#pragma once
// The layer vocabulary: builds a LibTorch network from a recipe's layer list, checking every shape as it goes.
// Layers and their settings (defaults in brackets); every layer with weights also takes `activation`:
//
//   conv              out, kernel [3] or [h, w], stride [1], padding [same]: as in Keras, even kernels pad after
//   conv_transpose    out, kernel [2], stride [2]: gives stride times the size
//   conv1d            out, kernel [3], stride [1] or the kernel, dilation [1], causal [false]; stride 1 keeps the
//   length conv1d_transpose  out, factor [2]: kernel and stride residual1d        dilation [1], causal [false]: x +
//   conv1(act(conv3(act(x)))) maxpool           size [2]; rounds up upsample          factor [2], mode
//   [nearest|bilinear] crop              size [h, w]: keeps the upper left corner pixel_shuffle     factor [2] dense
//   out flatten, reshape  order [chw, with Keras semantics hwc]; reshape: shape, always as [C, H, W] dropout rate [0.5]
//   activation        of: relu elu silu gelu sigmoid tanh linear
//   gaussian          out: VAE latent with the reparametrisation trick (Kingma and Welling 2014); KL goes into
//   penalty() l1                weight: times the mean absolute activation goes into penalty() lstm, gru         out;
//   state is carried by forward's state mdn               components, deviation [exp|elu]: mixture of Gaussians over
//   the code, out = components * (2 * code +
//                     1): logits of the weights, means, log deviations; elu: the deviation is elu(x) + 1 (Brando 2017)
//   strokes           count: the last layer of a painter (model/figure/strokes.hpp); in: count * 6 numbers
//
// Shapes below are without the batch: {C, H, W} pictures, {T, F} sequences, {F} vectors.
// Thread: one owner. Errors: UsageError with the recipe's file and line.

#include "model/figure/layer_plan.hpp"
#include "model/figure/recipe.hpp"

#include <torch/torch.h>

#include <optional>

namespace ombra::model {

using Shape = std::vector<std::int64_t>;  // -1: any length

// What recurrent layers remember, one entry a layer: LSTM h and c, GRU h. Empty: a fresh start.
using NetworkState = std::vector<std::vector<torch::Tensor>>;

class LayerImpl : public torch::nn::Module {
 public:
  // x [B, ...] -> [B, ...]; state: read and replaced by recurrent layers, may be null
  virtual torch::Tensor forward(const torch::Tensor& x, std::vector<torch::Tensor>* state) = 0;
  // Of sequences [B, T, F]: the last inputs that the last `outputs` outputs depend on; a layer that cannot say needs
  // all.
  virtual std::int64_t inputs_for(std::int64_t outputs) const;
  // The layer as plain values, as it is once trained; none for kinds that only LibTorch runs.
  virtual std::optional<LayerPlan> plan() const { return std::nullopt; }
  torch::Tensor penalty;  // KL or sparsity of the last forward, undefined where there is none
};

class NetworkImpl : public torch::nn::Module {
 public:
  // input: shape of one sample; code: Z, for mdn; where: "[painter] decoder", for messages; keras: Recipe::keras
  NetworkImpl(const LayerList& layers, Shape input, std::int64_t code, const std::string& file,
              const std::string& where, bool keras = false);

  torch::Tensor forward(torch::Tensor x, NetworkState* state = nullptr);
  // The last `outputs` outputs [B, outputs, F] of a sequence [B, T, F], as forward() gives them, with no more work than
  // they need.
  torch::Tensor forward_end(torch::Tensor x, std::int64_t outputs);
  torch::Tensor penalty() const;                       // sum over layers, undefined where there is none
  std::optional<std::vector<LayerPlan>> plan() const;  // none where a layer has none
  std::vector<std::optional<LayerPlan>> layer_plans() const;

  const Shape& output() const { return output_; }
  std::int64_t strokes() const { return strokes_; }  // of the last layer; 0 = it is another kind of layer

 private:
  std::vector<std::shared_ptr<LayerImpl>> layers_;
  Shape output_;
  std::int64_t strokes_ = 0;
};
TORCH_MODULE(Network);

// -> "[3, 64, 64]"
std::string shape_text(const Shape& shape);

}  // namespace ombra::model
