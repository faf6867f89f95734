// Layers over vectors [B, F], and between vectors and pictures.

#include "model/layers/layer_kinds.hpp"

namespace ombra::model {

using torch::Tensor;

namespace {

// A dense layer over the last dimension.
class DenseLayer : public LayerImpl {
 public:
  DenseLayer(std::int64_t in, std::int64_t out, Activation act) : act_(act) {
    dense_ = register_module("dense", torch::nn::Linear(in, out));
  }
  Tensor forward(const Tensor& x, std::vector<Tensor>*) override { return act_(dense_(x)); }

 private:
  Activation act_;
  torch::nn::Linear dense_{nullptr};
};

class Dropout : public LayerImpl {
 public:
  explicit Dropout(double rate) : rate_(rate) {}
  Tensor forward(const Tensor& x, std::vector<Tensor>*) override { return torch::dropout(x, rate_, is_training()); }

 private:
  double rate_;
};

class Gaussian : public LayerImpl {
 public:
  Gaussian(std::int64_t in, std::int64_t out) {
    mean_ = register_module("mean", torch::nn::Linear(in, out));
    log_variance_ = register_module("log_variance", torch::nn::Linear(in, out));
  }
  Tensor forward(const Tensor& x, std::vector<Tensor>*) override {
    const Tensor mean = mean_(x);
    if (!is_training()) return mean;
    const Tensor log_variance = log_variance_(x).clamp(-20.0, 20.0);
    penalty = -0.5 * (1.0 + log_variance - mean.pow(2) - log_variance.exp()).sum(1).mean();
    return mean + torch::randn_like(mean) * (0.5 * log_variance).exp();
  }

 private:
  torch::nn::Linear mean_{nullptr}, log_variance_{nullptr};
};

class Sparse : public LayerImpl {
 public:
  explicit Sparse(double weight) : weight_(weight) {}
  Tensor forward(const Tensor& x, std::vector<Tensor>*) override {
    if (is_training()) penalty = weight_ * x.abs().mean();
    return x;
  }

 private:
  double weight_;
};

// Raw numbers -> strokes: ends around the picture's middle, radii positive. [B, K * 6] -> [B, K, 6]
class Strokes : public LayerImpl {
 public:
  explicit Strokes(std::int64_t count) : count_(count) {}
  Tensor forward(const Tensor& x, std::vector<Tensor>*) override {
    const Tensor raw = x.to(torch::kFloat).view({x.size(0), count_, 6});
    const auto end = [&](std::int64_t i) { return raw.narrow(2, i, 1); };
    const auto radius = [&](std::int64_t i) {
      return 0.03 * torch::softplus(raw.narrow(2, i, 1) + 0.54);
    };  // 0.03 at 0
    return torch::cat({end(0), end(1) + 0.5, radius(2), end(3), end(4) + 0.5, radius(5)}, 2);
  }

 private:
  std::int64_t count_;
};

std::shared_ptr<LayerImpl> flatten(bool channels_last) {
  return std::make_shared<FunctionLayer>([channels_last](const Tensor& x) {
    return (channels_last ? x.permute({0, 2, 3, 1}) : x).flatten(1);
  });
}

std::shared_ptr<LayerImpl> reshape(const Shape& to, bool channels_last) {
  return std::make_shared<FunctionLayer>([to, channels_last](const Tensor& x) {
    if (channels_last) return x.reshape({x.size(0), to[1], to[2], to[0]}).permute({0, 3, 1, 2});
    Shape full = {x.size(0)};
    full.insert(full.end(), to.begin(), to.end());
    return x.reshape(full);
  });
}

}  // namespace

std::shared_ptr<LayerImpl> make_vector_layer(const LayerLayout& layer) {
  const LayerPlan& plan = layer.plan;
  switch (plan.kind) {
    case LayerPlan::Kind::kDense:
      if (layer.word == "gaussian") return std::make_shared<Gaussian>(layer.in[0], layer.out[0]);
      return std::make_shared<DenseLayer>(layer.in.back(), layer.out.back(), Activation(plan.activation));
    case LayerPlan::Kind::kFlatten:
      return flatten(plan.channels_last);
    case LayerPlan::Kind::kReshape:
      return reshape(plan.shape, plan.channels_last);
    case LayerPlan::Kind::kPass:
      if (layer.word == "dropout") return std::make_shared<Dropout>(layer.rate);
      return std::make_shared<Sparse>(layer.rate);
    case LayerPlan::Kind::kOuter:  // NetworkImpl::forward does it, who knows what was given
      return std::make_shared<FunctionLayer>([](const Tensor& x) { return x; });
    case LayerPlan::Kind::kActivation:
      return std::make_shared<FunctionLayer>(Activation(plan.activation));
    case LayerPlan::Kind::kStrokes:
      return std::make_shared<Strokes>(layer.out[0]);
    default:
      return nullptr;
  }
}

}  // namespace ombra::model
