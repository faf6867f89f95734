#pragma once
// How a layer list becomes a network: one layer's settings are read, its shape is checked, the layer is made.
// Inside of model/ only. Thread: one owner.

#include "model/layers/layers.hpp"

#include <array>
#include <functional>
#include <optional>

namespace ombra::model {

struct Activation {
  ActivationKind kind = ActivationKind::kLinear;
  torch::Tensor (*function)(const torch::Tensor&) = [](const torch::Tensor& x) { return x; };
  torch::Tensor operator()(const torch::Tensor& x) const { return function(x); }
};

// The setting `key` as an activation function; linear where it is not given.
Activation activation_of(ConfigReader& in, const std::string& key);

DensePlan plan_of(const torch::Tensor& weight, const torch::Tensor& bias);
inline DensePlan plan_of(const torch::nn::LinearImpl& layer) { return plan_of(layer.weight, layer.bias); }

// A layer without weights, given as a function.
class FunctionLayer : public LayerImpl {
 public:
  explicit FunctionLayer(std::function<torch::Tensor(const torch::Tensor&)> f, std::optional<LayerPlan> plan = {})
      : f_(std::move(f)), plan_(std::move(plan)) {}
  torch::Tensor forward(const torch::Tensor& x, std::vector<torch::Tensor>*) override { return f_(x); }
  std::optional<LayerPlan> plan() const override { return plan_; }

 private:
  std::function<torch::Tensor(const torch::Tensor&)> f_;
  std::optional<LayerPlan> plan_;
};

// A dense layer over the last dimension, for the builders of vectors and of sequences.
class DenseLayer : public LayerImpl {
 public:
  DenseLayer(std::int64_t in, std::int64_t out, Activation act) : act_(act) {
    dense_ = register_module("dense", torch::nn::Linear(in, out));
  }
  torch::Tensor forward(const torch::Tensor& x, std::vector<torch::Tensor>*) override { return act_(dense_(x)); }
  std::optional<LayerPlan> plan() const override {
    return LayerPlan{.kind = LayerPlan::Kind::kDense, .activation = act_.kind, .dense = {plan_of(*dense_)}};
  }

 private:
  Activation act_;
  torch::nn::Linear dense_{nullptr};
};

// Everything that a builder needs: reads one layer's settings, knows the shape so far and replaces it.
struct LayerBuilder {
  ConfigReader in;
  Shape shape;
  std::int64_t code;
  bool keras = false;

  void expect(std::size_t dims, const char* what) const {
    if (shape.size() != dims) {
      throw in.fault("layer",
                     fmt::format("needs {} as its input, the layers before it give {}", what, shape_text(shape)));
    }
  }
  // flatten and reshape: are pictures read row by row, the channels of a pixel side by side?
  bool channels_last(std::size_t dims) {
    const bool given = in.has("order");
    const bool last = in.choice("order", {keras ? "hwc" : "chw", keras ? "chw" : "hwc"}) == "hwc";
    if (last && given && dims != 3) throw in.fault("order", "\"hwc\" needs pictures [C, H, W]");
    return last && dims == 3;
  }
  std::int64_t positive(const char* key, std::int64_t fallback) { return in.integer(key, 1, 4096, fallback); }
  // `kernel`: one number, or [height, width]
  std::array<std::int64_t, 2> kernel(std::int64_t fallback) {
    if (!in.has("kernel") || !in.is_list("kernel")) {
      const std::int64_t side = positive("kernel", fallback);
      return {side, side};
    }
    const std::vector<std::int64_t> sides = in.integers("kernel", 1, 4096);
    if (sides.size() != 2) throw in.fault("kernel", "expected a number or [height, width]");
    return {sides[0], sides[1]};
  }
  // A recipe is a user's file: weights are counted before they are allocated.
  void afford(double weights) const {
    constexpr double kMax = 1 << 28;  // a gigabyte
    if (weights > kMax)
      throw in.fault("layer", fmt::format("would have {:.0f} weights, more than memory should hold", weights));
  }
  static double product(std::initializer_list<std::int64_t> factors) {
    double p = 1.0;
    for (const std::int64_t f : factors) p *= static_cast<double>(f);
    return p;
  }
  void expect_known_length(const char* what) const {
    for (const std::int64_t n : shape) {
      if (n < 0)
        throw in.fault("layer", fmt::format("{} sequences, the layers before it give {}", what, shape_text(shape)));
    }
  }

  // The layer of that kind; shape becomes what it gives. Throws UsageError.
  std::shared_ptr<LayerImpl> build(const std::string& kind);

  // Each gives null where the kind is not one of its own.
  std::shared_ptr<LayerImpl> picture_layer(const std::string& kind);   // layers_picture.cpp
  std::shared_ptr<LayerImpl> vector_layer(const std::string& kind);    // layers_vector.cpp
  std::shared_ptr<LayerImpl> sequence_layer(const std::string& kind);  // layers_sequence.cpp

 private:
  std::shared_ptr<LayerImpl> convolution();  // a picture_layer
  std::shared_ptr<LayerImpl> reshaping();    // a vector_layer
};

}  // namespace ombra::model
