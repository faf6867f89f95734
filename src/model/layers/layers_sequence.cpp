// Layers over sequences [B, T, F].

#include "model/layers/layer_kinds.hpp"

namespace ombra::model {

using torch::Tensor;

namespace {

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
  std::int64_t inputs_for(std::int64_t outputs) const override {
    if (kernel_ == 1) return outputs;
    if (stride_ > 1) return outputs * kernel_;
    const std::int64_t reach = (kernel_ - 1) * dilation_;
    return outputs + (causal_ ? reach : reach / 2);
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
  std::int64_t inputs_for(std::int64_t outputs) const override { return (outputs + factor_ - 1) / factor_; }

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
  std::int64_t inputs_for(std::int64_t outputs) const override { return wide_->inputs_for(outputs); }

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

// [.., K logits][K x Z means][K x Z log deviations]
class Mixture : public LayerImpl {
 public:
  Mixture(std::int64_t in, std::int64_t out, std::int64_t deviations_from, bool elu)
      : from_(deviations_from), elu_(elu) {
    dense_ = register_module("dense", torch::nn::Linear(in, out));
  }
  Tensor forward(const Tensor& x, std::vector<Tensor>*) override {
    const Tensor y = dense_(x);
    if (!elu_) return y;
    const Tensor raw = y.narrow(-1, from_, y.size(-1) - from_).to(torch::kFloat);
    return torch::cat({y.narrow(-1, 0, from_).to(torch::kFloat), torch::log(torch::elu(raw) + 1.0 + 1e-7)}, -1);
  }

 private:
  const std::int64_t from_;  // where the deviations begin
  const bool elu_;
  torch::nn::Linear dense_{nullptr};
};

}  // namespace

std::shared_ptr<LayerImpl> make_sequence_layer(const LayerLayout& layer) {
  const LayerPlan& plan = layer.plan;
  const std::int64_t in = layer.in.back(), out = layer.out.back(), dilation = static_cast<std::int64_t>(plan.dilation);
  const Activation act(plan.activation);
  switch (plan.kind) {
    case LayerPlan::Kind::kConv1d:
      return std::make_shared<Conv1d>(in, out, static_cast<std::int64_t>(plan.kernel), plan.stride, dilation,
                                      plan.causal, act);
    case LayerPlan::Kind::kConv1dTranspose:
      return std::make_shared<Conv1dTranspose>(in, out, static_cast<std::int64_t>(plan.factor), act);
    case LayerPlan::Kind::kResidual1d:
      return std::make_shared<Residual1d>(in, dilation, plan.causal, act);
    case LayerPlan::Kind::kLstm:
      return std::make_shared<Lstm>(in, out);
    case LayerPlan::Kind::kGru:
      return std::make_shared<Gru>(in, out);
    case LayerPlan::Kind::kMixture:
      return std::make_shared<Mixture>(in, out, static_cast<std::int64_t>(plan.deviations_from), plan.elu_deviation);
    default:
      return nullptr;
  }
}

}  // namespace ombra::model
