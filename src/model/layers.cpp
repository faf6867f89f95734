#include "model/layers.hpp"

#include <fmt/ranges.h>

#include <functional>
#include <numeric>

namespace ombra::model {
namespace {

namespace F = torch::nn::functional;
using torch::Tensor;

using Activation = Tensor (*)(const Tensor&);

Activation activation_of(ConfigReader& in, const std::string& key) {
  static const std::vector<std::pair<std::string, Activation>> known = {
      {"linear", [](const Tensor& x) { return x; }},
      {"relu", [](const Tensor& x) { return torch::relu(x); }},
      {"elu", [](const Tensor& x) { return torch::elu(x); }},
      {"silu", [](const Tensor& x) { return torch::silu(x); }},
      {"gelu", [](const Tensor& x) { return torch::gelu(x); }},
      {"sigmoid", [](const Tensor& x) { return torch::sigmoid(x); }},
      {"tanh", [](const Tensor& x) { return torch::tanh(x); }}};
  std::vector<std::string> names;
  for (const auto& [name, function] : known) names.push_back(name);
  const std::string chosen = in.choice(key, names);
  for (const auto& [name, function] : known) {
    if (name == chosen) return function;
  }
  return known.front().second;
}

// Keras 'same': output ceil(n / stride), the odd sample of padding goes after. -> {before, after}
std::pair<std::int64_t, std::int64_t> same_padding(std::int64_t n, std::int64_t kernel, std::int64_t stride) {
  const std::int64_t total = std::max<std::int64_t>(0, ((n + stride - 1) / stride - 1) * stride + kernel - n);
  return {total / 2, total - total / 2};
}

// ---- pictures

class Conv : public LayerImpl {
 public:
  Conv(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride, bool same, Activation act)
      : kernel_(kernel), stride_(stride), same_(same), act_(act) {
    conv_ = register_module("conv", torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, kernel).stride(stride)));
  }
  Tensor forward(const Tensor& x, std::vector<Tensor>*) override {
    if (!same_) return act_(conv_(x));
    const auto [top, bottom] = same_padding(x.size(2), kernel_, stride_);
    const auto [left, right] = same_padding(x.size(3), kernel_, stride_);
    if (top == bottom && left == right) {  // symmetric: the convolution pads without a copy
      return act_(torch::conv2d(x, conv_->weight, conv_->bias, stride_, {top, left}));
    }
    return act_(conv_(F::pad(x, F::PadFuncOptions({left, right, top, bottom}))));
  }

 private:
  std::int64_t kernel_, stride_;
  bool same_;
  Activation act_;
  torch::nn::Conv2d conv_{nullptr};
};

class ConvTranspose : public LayerImpl {
 public:
  ConvTranspose(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride, Activation act)
      : stride_(stride), act_(act) {
    conv_ = register_module(
        "conv", torch::nn::ConvTranspose2d(torch::nn::ConvTranspose2dOptions(in, out, kernel).stride(stride)));
  }
  Tensor forward(const Tensor& x, std::vector<Tensor>*) override {
    const Tensor y = conv_(x);  // cropped to exactly stride times the input, as Keras 'same' does
    const std::int64_t h = x.size(2) * stride_, w = x.size(3) * stride_;
    return act_(y.narrow(2, (y.size(2) - h) / 2, h).narrow(3, (y.size(3) - w) / 2, w));
  }

 private:
  std::int64_t stride_;
  Activation act_;
  torch::nn::ConvTranspose2d conv_{nullptr};
};

// A layer without weights, given as a function.
class Function : public LayerImpl {
 public:
  explicit Function(std::function<Tensor(const Tensor&)> f) : f_(std::move(f)) {}
  Tensor forward(const Tensor& x, std::vector<Tensor>*) override { return f_(x); }

 private:
  std::function<Tensor(const Tensor&)> f_;
};

Tensor max_pool_up(const Tensor& x, std::int64_t size) {
  return F::max_pool2d(x, F::MaxPool2dFuncOptions(size).stride(size).ceil_mode(true));
}

// ---- vectors

class Dense : public LayerImpl {
 public:
  Dense(std::int64_t in, std::int64_t out, Activation act) : act_(act) {
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

// ---- sequences, [B, T, F]

// Convolution over time as one matrix product over shifted copies: the same mathematics as conv1d, whose backward pass
// in bf16 is many times slower on CPUs. causal: sees only the past; otherwise both sides alike.
class Conv1d : public LayerImpl {
 public:
  Conv1d(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride, std::int64_t dilation,
         bool causal, Activation act)
      : kernel_(kernel), stride_(stride), dilation_(dilation), causal_(causal), act_(act) {
    taps_ = register_module("taps", torch::nn::Linear(kernel * in, out));
  }
  Tensor forward(const Tensor& x, std::vector<Tensor>*) override {
    if (kernel_ == 1) return act_(taps_(x));
    if (stride_ > 1) return act_(taps_(x.reshape({x.size(0), x.size(1) / kernel_, kernel_ * x.size(2)})));
    const std::int64_t reach = (kernel_ - 1) * dilation_, before = causal_ ? reach : reach / 2;
    const Tensor padded = torch::constant_pad_nd(x, {0, 0, before, reach - before});
    std::vector<Tensor> shifted;
    for (std::int64_t k = 0; k < kernel_; ++k) shifted.push_back(padded.narrow(1, k * dilation_, x.size(1)));
    return act_(taps_(torch::cat(shifted, 2)));
  }

 private:
  std::int64_t kernel_, stride_, dilation_;
  bool causal_;
  Activation act_;
  torch::nn::Linear taps_{nullptr};
};

class Conv1dTranspose : public LayerImpl {
 public:
  Conv1dTranspose(std::int64_t in, std::int64_t out, std::int64_t factor, Activation act)
      : out_(out), factor_(factor), act_(act) {
    taps_ = register_module("taps", torch::nn::Linear(in, factor * out));
  }
  Tensor forward(const Tensor& x, std::vector<Tensor>*) override {
    return act_(taps_(x)).reshape({x.size(0), x.size(1) * factor_, out_});
  }

 private:
  std::int64_t out_, factor_;
  Activation act_;
  torch::nn::Linear taps_{nullptr};
};

class Residual1d : public LayerImpl {
 public:
  Residual1d(std::int64_t width, std::int64_t dilation, bool causal, Activation act) : act_(act) {
    wide_ = register_module("wide", std::make_shared<Conv1d>(width, width, 3, 1, dilation, causal, act));
    point_ = register_module("point", torch::nn::Linear(width, width));
  }
  Tensor forward(const Tensor& x, std::vector<Tensor>*) override {
    return x + point_(wide_->forward(act_(x), nullptr));
  }

 private:
  Activation act_;
  std::shared_ptr<Conv1d> wide_;
  torch::nn::Linear point_{nullptr};
};

class Lstm : public LayerImpl {
 public:
  Lstm(std::int64_t in, std::int64_t out) {
    lstm_ = register_module("lstm", torch::nn::LSTM(torch::nn::LSTMOptions(in, out).batch_first(true)));
  }
  Tensor forward(const Tensor& x, std::vector<Tensor>* state) override {
    if (state && state->size() == 2) {
      auto [y, next] = lstm_(x, std::make_tuple((*state)[0], (*state)[1]));
      *state = {std::get<0>(next), std::get<1>(next)};
      return y;
    }
    auto [y, next] = lstm_(x);
    if (state) *state = {std::get<0>(next), std::get<1>(next)};
    return y;
  }

 private:
  torch::nn::LSTM lstm_{nullptr};
};

class Gru : public LayerImpl {
 public:
  Gru(std::int64_t in, std::int64_t out) {
    gru_ = register_module("gru", torch::nn::GRU(torch::nn::GRUOptions(in, out).batch_first(true)));
  }
  Tensor forward(const Tensor& x, std::vector<Tensor>* state) override {
    auto [y, next] = state && state->size() == 1 ? gru_(x, (*state)[0]) : gru_(x);
    if (state) *state = {next};
    return y;
  }

 private:
  torch::nn::GRU gru_{nullptr};
};

// ---- building

// Everything that a builder needs: reads one layer's settings, knows the shape so far and replaces it.
struct Builder {
  ConfigReader in;
  Shape shape;
  std::int64_t code;

  void expect(std::size_t dims, const char* what) const {
    if (shape.size() != dims) {
      throw in.fault("layer",
                     fmt::format("needs {} as its input, the layers before it give {}", what, shape_text(shape)));
    }
  }
  std::int64_t positive(const char* key, std::int64_t fallback) { return in.integer(key, 1, 4096, fallback); }
  // A recipe is a user's file: weights are counted before they are allocated.
  void afford(double weights) const {
    constexpr double kMost = 1 << 28;  // a gigabyte
    if (weights > kMost)
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

  std::shared_ptr<LayerImpl> build(const std::string& kind) {
    if (const auto layer = picture_layer(kind)) return layer;
    if (const auto layer = vector_layer(kind)) return layer;
    if (const auto layer = sequence_layer(kind)) return layer;
    throw in.fault("layer",
                   fmt::format("\"{}\" is no layer; known are conv, conv_transpose, maxpool, upsample, pixel_shuffle, "
                               "dense, flatten, reshape, dropout, activation, gaussian, l1, strokes, conv1d, "
                               "conv1d_transpose, residual1d, lstm, gru, mdn",
                               kind));
  }

  std::shared_ptr<LayerImpl> picture_layer(const std::string& kind) {
    if (kind == "conv") {
      expect(3, "pictures [C, H, W]");
      const std::int64_t out = in.integer("out", 1, 8192), kernel = positive("kernel", 3),
                         stride = positive("stride", 1);
      const bool same = in.choice("padding", {"same", "valid"}) == "same";
      afford(product({shape[0], out, kernel, kernel}));
      const auto layer = std::make_shared<Conv>(shape[0], out, kernel, stride, same, activation_of(in, "activation"));
      for (const std::size_t i : {1u, 2u}) {
        if (!same && shape[i] < kernel)
          throw in.fault("kernel", fmt::format("larger than its input {}", shape_text(shape)));
        shape[i] = same ? (shape[i] + stride - 1) / stride : (shape[i] - kernel) / stride + 1;
      }
      shape[0] = out;
      return layer;
    }
    if (kind == "conv_transpose") {
      expect(3, "pictures [C, H, W]");
      const std::int64_t out = in.integer("out", 1, 8192), kernel = positive("kernel", 2),
                         stride = positive("stride", 2);
      if (kernel < stride) throw in.fault("kernel", "must be at least the stride");
      afford(product({shape[0], out, kernel, kernel}));
      const auto layer =
          std::make_shared<ConvTranspose>(shape[0], out, kernel, stride, activation_of(in, "activation"));
      shape = {out, shape[1] * stride, shape[2] * stride};
      return layer;
    }
    if (kind == "maxpool") {
      expect(3, "pictures [C, H, W]");
      const std::int64_t size = positive("size", 2);
      shape = {shape[0], (shape[1] + size - 1) / size, (shape[2] + size - 1) / size};
      return std::make_shared<Function>([size](const Tensor& x) { return max_pool_up(x, size); });
    }
    if (kind == "upsample") {
      expect(3, "pictures [C, H, W]");
      const std::int64_t factor = positive("factor", 2);
      const bool bilinear = in.choice("mode", {"nearest", "bilinear"}) == "bilinear";
      shape = {shape[0], shape[1] * factor, shape[2] * factor};
      return std::make_shared<Function>([factor, bilinear](const Tensor& x) {
        const std::vector<std::int64_t> size = {x.size(2) * factor, x.size(3) * factor};
        return bilinear ? torch::upsample_bilinear2d(x, size, false) : torch::upsample_nearest2d(x, size);
      });
    }
    if (kind == "pixel_shuffle") {
      expect(3, "pictures [C, H, W]");
      const std::int64_t factor = positive("factor", 2);
      if (shape[0] % (factor * factor) != 0) {
        throw in.fault("factor", fmt::format("its square must divide the channels of {}", shape_text(shape)));
      }
      shape = {shape[0] / (factor * factor), shape[1] * factor, shape[2] * factor};
      return std::make_shared<Function>([factor](const Tensor& x) { return torch::pixel_shuffle(x, factor); });
    }
    return nullptr;
  }

  std::shared_ptr<LayerImpl> vector_layer(const std::string& kind) {
    if (kind == "dense") {
      if (shape.size() != 1 && shape.size() != 2) expect(1, "vectors [F] or sequences [T, F]");
      const std::int64_t out = in.integer("out", 1, 1 << 20), from = shape.back();
      afford(product({from, out}));
      shape.back() = out;
      return std::make_shared<Dense>(from, out, activation_of(in, "activation"));
    }
    if (kind == "flatten") {
      const bool channels_last = in.choice("order", {"chw", "hwc"}) == "hwc";
      if (channels_last) expect(3, "pictures [C, H, W]");
      expect_known_length("does not flatten");
      shape = {std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>())};
      return std::make_shared<Function>([channels_last](const Tensor& x) {
        return (channels_last ? x.permute({0, 2, 3, 1}) : x).flatten(1);
      });
    }
    if (kind == "reshape") {
      const Shape to = in.integers("shape", 1, 1 << 20);
      const bool channels_last = in.choice("order", {"chw", "hwc"}) == "hwc";
      expect_known_length("does not reshape");
      const auto count = [](const Shape& s) {
        return std::accumulate(s.begin(), s.end(), std::int64_t{1}, std::multiplies<>());
      };
      if (count(to) != count(shape))
        throw in.fault("shape", fmt::format("{} numbers do not fit the input {}", count(to), shape_text(shape)));
      if (channels_last && to.size() != 3) throw in.fault("shape", "order = \"hwc\" needs [C, H, W]");
      shape = to;
      return std::make_shared<Function>([to, channels_last](const Tensor& x) {
        if (channels_last) return x.reshape({x.size(0), to[1], to[2], to[0]}).permute({0, 3, 1, 2}).contiguous();
        Shape full = {x.size(0)};
        full.insert(full.end(), to.begin(), to.end());
        return x.reshape(full);
      });
    }
    if (kind == "dropout") return std::make_shared<Dropout>(in.number("rate", 0.0, 0.99, 0.5));
    if (kind == "activation") return std::make_shared<Function>(activation_of(in, "of"));
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
        throw in.fault("count", fmt::format("needs [{}] as its input, the layers before it give {}", count * 6,
                                            shape_text(shape)));
      }
      shape = {count, 6};
      return std::make_shared<Strokes>(count);
    }
    return nullptr;
  }

  std::shared_ptr<LayerImpl> sequence_layer(const std::string& kind) {
    if (kind == "conv1d") {
      expect(2, "sequences [T, F]");
      const std::int64_t out = in.integer("out", 1, 8192), kernel = positive("kernel", 3),
                         stride = positive("stride", 1);
      if (stride > 1 && stride != kernel) throw in.fault("stride", "must be 1 or equal to the kernel");
      const std::int64_t dilation = positive("dilation", 1), from = shape[1];
      const bool causal = in.boolean("causal", false);
      afford(product({from, out, kernel}));
      if (shape[0] > 0 && shape[0] % stride != 0)
        throw in.fault("stride", fmt::format("must divide the length of {}", shape_text(shape)));
      shape = {shape[0] > 0 ? shape[0] / stride : shape[0], out};
      return std::make_shared<Conv1d>(from, out, kernel, stride, dilation, causal, activation_of(in, "activation"));
    }
    if (kind == "conv1d_transpose") {
      expect(2, "sequences [T, F]");
      const std::int64_t out = in.integer("out", 1, 8192), factor = positive("factor", 2), from = shape[1];
      afford(product({from, out, factor}));
      shape = {shape[0] > 0 ? shape[0] * factor : shape[0], out};
      return std::make_shared<Conv1dTranspose>(from, out, factor, activation_of(in, "activation"));
    }
    if (kind == "residual1d") {
      expect(2, "sequences [T, F]");
      const std::int64_t dilation = positive("dilation", 1);
      const bool causal = in.boolean("causal", false);
      afford(product({4, shape[1], shape[1]}));
      const Activation act =
          in.has("activation") ? activation_of(in, "activation") : [](const Tensor& x) { return torch::silu(x); };
      return std::make_shared<Residual1d>(shape[1], dilation, causal, act);
    }
    if (kind == "lstm" || kind == "gru") {
      expect(2, "sequences [T, F]");
      const std::int64_t out = in.integer("out", 1, 8192), from = shape[1];
      afford(product({4, from + out, out}));
      shape[1] = out;
      if (kind == "lstm") return std::make_shared<Lstm>(from, out);
      return std::make_shared<Gru>(from, out);
    }
    if (kind == "mdn") {
      expect(2, "sequences [T, F]");
      const std::int64_t components = in.integer("components", 1, 1024), from = shape[1];
      shape[1] = components * (2 * code + 1);
      afford(product({from, shape[1]}));
      return std::make_shared<Dense>(from, shape[1], [](const Tensor& x) { return x; });
    }
    return nullptr;
  }
};

}  // namespace

std::string shape_text(const Shape& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

NetworkImpl::NetworkImpl(const LayerList& layers, Shape input, std::int64_t code, const std::string& file,
                         const std::string& where)
    : output_(std::move(input)) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    Builder builder{ConfigReader(*layers[i].settings, file, fmt::format("{} {}", where, layers[i].kind)), output_,
                    code};
    builder.in.text("layer");
    layers_.push_back(register_module(std::to_string(i), builder.build(layers[i].kind)));
    builder.in.finish();
    output_ = builder.shape;
    std::int64_t numbers = 1;
    for (const std::int64_t n : output_) numbers *= std::max<std::int64_t>(1, n);
    if (numbers > (1 << 26))
      throw builder.in.fault("layer", fmt::format("gives {}, more than memory should hold", shape_text(output_)));
    strokes_ = layers[i].kind == "strokes" ? output_[0] : 0;
  }
}

torch::Tensor NetworkImpl::forward(torch::Tensor x, NetworkState* state) {
  if (state) state->resize(layers_.size());
  for (std::size_t i = 0; i < layers_.size(); ++i) x = layers_[i]->forward(x, state ? &(*state)[i] : nullptr);
  return x;
}

torch::Tensor NetworkImpl::penalty() const {
  Tensor sum;
  for (const auto& layer : layers_) {
    if (layer->penalty.defined()) sum = sum.defined() ? sum + layer->penalty : layer->penalty;
  }
  return sum;
}

}  // namespace ombra::model
