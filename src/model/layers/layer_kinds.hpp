#pragma once
// How a layer of a layout becomes one in LibTorch. Inside of model/layers only. Thread: one owner.

#include "model/layers/layers.hpp"

#include <functional>

namespace ombra::model {

// An activation function over a tensor.
class Activation {
 public:
  explicit Activation(ActivationKind kind);
  torch::Tensor operator()(const torch::Tensor& x) const { return function_(x); }

 private:
  torch::Tensor (*function_)(const torch::Tensor&);
};

// A layer without weights, given as a function.
class FunctionLayer : public LayerImpl {
 public:
  explicit FunctionLayer(std::function<torch::Tensor(const torch::Tensor&)> f) : f_(std::move(f)) {}
  torch::Tensor forward(const torch::Tensor& x, std::vector<torch::Tensor>*) override { return f_(x); }

 private:
  std::function<torch::Tensor(const torch::Tensor&)> f_;
};

// Each gives null where the layer is none of its own.
std::shared_ptr<LayerImpl> make_picture_layer(const LayerLayout& layer);   // layers_picture.cpp
std::shared_ptr<LayerImpl> make_vector_layer(const LayerLayout& layer);    // layers_vector.cpp
std::shared_ptr<LayerImpl> make_sequence_layer(const LayerLayout& layer);  // layers_sequence.cpp

}  // namespace ombra::model
