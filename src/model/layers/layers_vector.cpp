// Layers over vectors [B, F], and between vectors and pictures.

#include "model/layers/layer_builder.hpp"

#include <numeric>

namespace ombra::model {

using torch::Tensor;

namespace {

class Dropout : public LayerImpl {
 public:
  explicit Dropout(double rate) : rate_(rate) {}
  Tensor forward(const Tensor& x, std::vector<Tensor>*) override { return torch::dropout(x, rate_, is_training()); }
  std::optional<LayerPlan> plan() const override { return LayerPlan{}; }

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
  std::optional<LayerPlan> plan() const override {  // once it is trained
    return LayerPlan{.kind = LayerPlan::Kind::kDense, .dense = {plan_of(*mean_)}};
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
  std::optional<LayerPlan> plan() const override { return LayerPlan{}; }

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
  std::optional<LayerPlan> plan() const override { return LayerPlan{.kind = LayerPlan::Kind::kStrokes}; }

 private:
  std::int64_t count_;
};

}  // namespace

std::shared_ptr<LayerImpl> LayerBuilder::reshaping() {
  const Shape to = in.integers("shape", 1, 1 << 20);
  const bool channels_last = this->channels_last(to.size());
  expect_known_length("does not reshape");
  const auto count = [](const Shape& s) {
    return std::accumulate(s.begin(), s.end(), std::int64_t{1}, std::multiplies<>());
  };
  if (count(to) != count(shape))
    throw in.fault("shape", fmt::format("{} numbers do not fit the input {}", count(to), shape_text(shape)));
  shape = to;
  return std::make_shared<FunctionLayer>(
      [to, channels_last](const Tensor& x) {
        if (channels_last) return x.reshape({x.size(0), to[1], to[2], to[0]}).permute({0, 3, 1, 2});
        Shape full = {x.size(0)};
        full.insert(full.end(), to.begin(), to.end());
        return x.reshape(full);
      },
      LayerPlan{.kind = LayerPlan::Kind::kReshape, .channels_last = channels_last, .shape = to});
}

std::shared_ptr<LayerImpl> LayerBuilder::vector_layer(const std::string& kind) {
  if (kind == "dense") {
    if (shape.size() != 1 && shape.size() != 2) expect(1, "vectors [F] or sequences [T, F]");
    const std::int64_t out = in.integer("out", 1, 1 << 20), from = shape.back();
    afford(product({from, out}));
    shape.back() = out;
    return std::make_shared<DenseLayer>(from, out, activation_of(in, "activation"));
  }
  if (kind == "flatten") {
    const bool channels_last = this->channels_last(shape.size());
    expect_known_length("does not flatten");
    shape = {std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>())};
    return std::make_shared<FunctionLayer>(
        [channels_last](const Tensor& x) {
          return (channels_last ? x.permute({0, 2, 3, 1}) : x).flatten(1);
        },
        LayerPlan{.kind = LayerPlan::Kind::kFlatten, .channels_last = channels_last});
  }
  if (kind == "reshape") return reshaping();
  if (kind == "dropout") return std::make_shared<Dropout>(in.number("rate", 0.0, 0.99, 0.5));
  if (kind == "activation") {
    const Activation of = activation_of(in, "of");
    return std::make_shared<FunctionLayer>(of, LayerPlan{.kind = LayerPlan::Kind::kActivation, .activation = of.kind});
  }
  if (kind == "gaussian") {
    expect(1, "vectors [F]");
    const std::int64_t out = in.integer("out", 1, 1 << 20), from = shape[0];
    afford(product({2, from, out}));
    shape = {out};
    return std::make_shared<Gaussian>(from, out);
  }
  if (kind == "l1") return std::make_shared<Sparse>(in.number("weight", 0.0, 1e6));
  if (kind == "strokes") {
    const std::int64_t count = in.integer("count", 1, 256);
    if (shape != Shape{count * 6}) {
      throw in.fault(
          "count", fmt::format("needs [{}] as its input, the layers before it give {}", count * 6, shape_text(shape)));
    }
    shape = {count, 6};
    return std::make_shared<Strokes>(count);
  }
  return nullptr;
}

}  // namespace ombra::model
