// Layers over sequences [B, T, F].

#include "model/layers/layer_builder.hpp"

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
  std::optional<LayerPlan> plan() const override {
    if (stride_ > 1) return std::nullopt;
    return LayerPlan{.kind = LayerPlan::Kind::kConv1d,
                     .activation = act_.kind,
                     .dense = {plan_of(*taps_)},
                     .kernel = static_cast<std::size_t>(kernel_),
                     .dilation = static_cast<std::size_t>(dilation_),
                     .causal = causal_};
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
  std::optional<LayerPlan> plan() const override {
    return LayerPlan{.kind = LayerPlan::Kind::kConv1dTranspose,
                     .activation = act_.kind,
                     .dense = {plan_of(*taps_)},
                     .factor = static_cast<std::size_t>(factor_)};
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
  std::int64_t inputs_for(std::int64_t outputs) const override { return wide_->inputs_for(outputs); }
  std::optional<LayerPlan> plan() const override {
    LayerPlan plan = *wide_->plan();  // a convolution; its activation is the one before it, too
    plan.kind = LayerPlan::Kind::kResidual1d;
    plan.dense.push_back(plan_of(*point_));
    return plan;
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
  std::optional<LayerPlan> plan() const override {
    const auto w = lstm_->named_parameters();
    return LayerPlan{
        .kind = LayerPlan::Kind::kLstm,
        .dense = {plan_of(w["weight_ih_l0"], w["bias_ih_l0"]), plan_of(w["weight_hh_l0"], w["bias_hh_l0"])}};
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
  std::optional<LayerPlan> plan() const override {
    const auto w = gru_->named_parameters();
    return LayerPlan{
        .kind = LayerPlan::Kind::kGru,
        .dense = {plan_of(w["weight_ih_l0"], w["bias_ih_l0"]), plan_of(w["weight_hh_l0"], w["bias_hh_l0"])}};
  }

 private:
  torch::nn::GRU gru_{nullptr};
};

// [.., K logits][K x Z means][K x Z log deviations]
class Mixture : public LayerImpl {
 public:
  Mixture(std::int64_t in, std::int64_t components, std::int64_t code, bool elu)
      : from_(components * (code + 1)), elu_(elu) {
    dense_ = register_module("dense", torch::nn::Linear(in, components * (2 * code + 1)));
  }
  Tensor forward(const Tensor& x, std::vector<Tensor>*) override {
    const Tensor y = dense_(x);
    if (!elu_) return y;
    const Tensor raw = y.narrow(-1, from_, y.size(-1) - from_).to(torch::kFloat);
    return torch::cat({y.narrow(-1, 0, from_).to(torch::kFloat), torch::log(torch::elu(raw) + 1.0 + 1e-7)}, -1);
  }
  std::optional<LayerPlan> plan() const override {
    return LayerPlan{.kind = LayerPlan::Kind::kMixture,
                     .dense = {plan_of(*dense_)},
                     .elu_deviation = elu_,
                     .deviations_from = static_cast<std::size_t>(from_)};
  }

 private:
  const std::int64_t from_;  // where the deviations begin
  const bool elu_;
  torch::nn::Linear dense_{nullptr};
};

}  // namespace

std::shared_ptr<LayerImpl> LayerBuilder::sequence_layer(const std::string& kind) {
  if (kind == "conv1d") {
    expect(2, "sequences [T, F]");
    const std::int64_t out = in.integer("out", 1, 8192), kernel = positive("kernel", 3), stride = positive("stride", 1);
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
    const Activation act = in.has("activation")
                               ? activation_of(in, "activation")
                               : Activation{ActivationKind::kSilu, [](const Tensor& x) { return torch::silu(x); }};
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
    if (shape.size() != 1) expect(2, "vectors [F] or sequences [T, F]");
    const std::int64_t components = in.integer("components", 1, 1024), from = shape.back();
    const bool elu = in.choice("deviation", {"exp", "elu"}) == "elu";
    shape.back() = components * (2 * code + 1);
    afford(product({from, shape.back()}));
    return std::make_shared<Mixture>(from, components, code, elu);
  }
  return nullptr;
}

}  // namespace ombra::model
