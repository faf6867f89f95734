#pragma once
// Networks in LibTorch, from the layout that model/figure/network_layout.hpp reads out of a recipe's layer list.
// Shapes are without the batch: {C, H, W} pictures, {T, F} sequences, {F} vectors.
// Thread: one owner. Errors: UsageError with the recipe's file and line.

#include "model/figure/network_layout.hpp"

#include <torch/torch.h>

namespace ombra::model {

// What recurrent layers remember, one entry a layer: LSTM h and c, GRU h. Empty: a fresh start.
using NetworkState = std::vector<std::vector<torch::Tensor>>;

class LayerImpl : public torch::nn::Module {
 public:
  // x [B, ...] -> [B, ...]; state: read and replaced by recurrent layers, may be null
  virtual torch::Tensor forward(const torch::Tensor& x, std::vector<torch::Tensor>* state) = 0;
  // Of sequences [B, T, F]: the last inputs that the last `outputs` outputs depend on; a layer that cannot say needs
  // all.
  virtual std::int64_t inputs_for(std::int64_t outputs) const;
  torch::Tensor penalty;  // KL or sparsity of the last forward, undefined where there is none
};

class NetworkImpl : public torch::nn::Module {
 public:
  // keras: Recipe::keras
  explicit NetworkImpl(NetworkLayout layout, bool keras = false);

  torch::Tensor forward(torch::Tensor x, NetworkState* state = nullptr);
  // The last `outputs` outputs [B, outputs, F] of a sequence [B, T, F], as forward() gives them, with no more work than
  // they need.
  torch::Tensor forward_end(torch::Tensor x, std::int64_t outputs);
  torch::Tensor penalty() const;        // sum over layers, undefined where there is none
  std::vector<LayerPlan> plan() const;  // the layers as plain values, with their weights as they are now

  const NetworkLayout& layout() const { return layout_; }
  const Shape& output() const { return layout_.output; }
  std::int64_t strokes() const { return layout_.strokes; }  // of the last layer; 0 = it is another kind of layer

 private:
  const NetworkLayout layout_;
  std::vector<std::shared_ptr<LayerImpl>> layers_;
};
TORCH_MODULE(Network);

}  // namespace ombra::model
