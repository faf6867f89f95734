#include "model/inference/fast_network.hpp"

#include "core/error.hpp"
#include "model/figure/decoder_plan.hpp"
#include "model/inference/dense_kernel.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::model {
namespace {

using Kind = LayerPlan::Kind;

constexpr Kind kKnown[] = {Kind::kDense,   Kind::kActivation, Kind::kPass, Kind::kFlatten, Kind::kOuter,
                           Kind::kStrokes, Kind::kLstm,       Kind::kGru,  Kind::kMixture};

// the two biases of a recurrent layer's gates as one
DensePlan with_bias_of(const DensePlan& input, const DensePlan& recurrent) {
  DensePlan sum = input;
  for (std::size_t i = 0; i < sum.bias.size(); ++i) sum.bias[i] += recurrent.bias[i];
  return sum;
}

// Raw numbers -> strokes, as decoder_plan.hpp says
void to_strokes(float* x, std::size_t n) {
  const auto radius = [](float raw) {
    const float shifted = raw + kStrokeRadiusShift;
    return kStrokeRadius * (shifted > 20.0f ? shifted : std::log1p(std::exp(shifted)));
  };
  for (std::size_t i = 0; i + 6 <= n; i += 6) {
    x[i + 1] += kStrokeMiddle;
    x[i + 2] = radius(x[i + 2]);
    x[i + 4] += kStrokeMiddle;
    x[i + 5] = radius(x[i + 5]);
  }
}

// log(elu(x) + 1 + 1e-7)
void to_log_deviations(float* x, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) x[i] = std::log((x[i] > 0.0f ? x[i] + 1.0f : std::exp(x[i])) + 1e-7f);
}

}  // namespace

std::unique_ptr<FastNetwork> FastNetwork::make(const std::vector<LayerPlan>& plan, std::size_t in, std::size_t steps) {
  std::unique_ptr<FastNetwork> network(new FastNetwork);
  network->in_ = in;
  network->steps_ = steps;
  std::size_t width = in;
  for (const LayerPlan& each : plan) {
    if (std::find(std::begin(kKnown), std::end(kKnown), each.kind) == std::end(kKnown)) return nullptr;
    Layer layer{each, {}, width, true};
    layer.plan.dense.clear();
    if (each.kind == Kind::kLstm) {
      layer.dense = {PackedDense(with_bias_of(each.dense[0], each.dense[1])),
                     PackedDense(each.dense[1], 0, each.dense[1].in, false)};
      layer.out = each.dense[1].in;
    } else if (each.kind == Kind::kGru) {
      layer.dense = {PackedDense(each.dense[0]), PackedDense(each.dense[1])};
      layer.out = each.dense[1].in;
    } else if (!each.dense.empty()) {
      layer.dense.emplace_back(each.dense[0]);
      layer.out = each.dense[0].out;
    } else if (each.kind == Kind::kOuter) {
      if (steps != 1) return nullptr;
      layer.out = width + (in - each.factor + 1) * (each.factor + 1);
    } else if (each.kind == Kind::kFlatten) {
      layer.out = width * steps;
      steps = 1;
    }
    const bool looks_back = each.kind == Kind::kLstm || each.kind == Kind::kGru || each.kind == Kind::kFlatten;
    for (Layer& before : network->layers_) before.ends_time = before.ends_time && !looks_back;
    layer.ends_time = each.kind == Kind::kLstm || each.kind == Kind::kGru;
    width = layer.out;
    network->layers_.push_back(std::move(layer));
  }
  network->out_ = width;
  return network;
}

void FastNetwork::point_at(std::vector<float>& numbers, std::size_t rows, std::size_t width, std::vector<float*>& to) {
  numbers.resize(std::max(numbers.size(), rows * width));
  to.resize(rows);
  for (std::size_t r = 0; r < rows; ++r) to[r] = numbers.data() + r * width;
}

void FastNetwork::forward(ConstRows x, std::span<Memory* const> memories, Rows y) {
  OMBRA_ASSERT(x.size() == y.size() && (memories.empty() || memories.size() == x.size()));
  Batch batch{x.size(), steps_, in_};
  now_.resize(std::max(now_.size(), batch.rows() * in_));
  for (std::size_t b = 0; b < x.size(); ++b) std::copy_n(x[b], steps_ * in_, now_.data() + b * steps_ * in_);
  std::size_t recurrent = 0;
  for (const Layer& layer : layers_) {
    if (layer.plan.kind == Kind::kOuter) {
      run_outer(layer, batch, x);
      continue;
    }
    run(layer, batch, memories, recurrent);
    recurrent += layer.plan.kind == Kind::kLstm || layer.plan.kind == Kind::kGru ? 1 : 0;
    if (layer.ends_time && batch.steps > 1) {  // only the last step of each counts from here on
      for (std::size_t b = 0; b < batch.dancers; ++b)
        std::copy_n(now_.data() + ((b + 1) * batch.steps - 1) * batch.width, batch.width,
                    now_.data() + b * batch.width);
      batch.steps = 1;
    }
  }
  for (std::size_t b = 0; b < y.size(); ++b)
    std::copy_n(now_.data() + ((b + 1) * batch.steps - 1) * batch.width, out_, y[b]);
}

void FastNetwork::run_outer(const Layer& layer, Batch& batch, ConstRows x) {
  const std::size_t person = layer.plan.factor, body = in_ - person;
  point_at(now_, batch.rows(), batch.width, from_);
  point_at(next_, batch.rows(), layer.out, to_);
  for (std::size_t r = 0; r < batch.rows(); ++r) {
    float* to = std::copy_n(from_[r], batch.width, to_[r]);
    for (std::size_t i = 0; i <= body; ++i) {
      const float b = kOuterShare * (i < body ? x[r][i] : 1.0f);
      for (std::size_t j = 0; j < person; ++j) *to++ = b * x[r][body + j];
      *to++ = b;
    }
  }
  std::swap(now_, next_);
  batch.width = layer.out;
}

void FastNetwork::run(const Layer& layer, Batch& batch, std::span<Memory* const> memories, std::size_t recurrent) {
  const DenseKernels& kernels = dense_kernels();
  switch (layer.plan.kind) {
    case Kind::kPass:
      return;
    case Kind::kActivation:
      return kernels.activate(layer.plan.activation, now_.data(), batch.rows() * batch.width);
    case Kind::kStrokes:
      return to_strokes(now_.data(), batch.rows() * batch.width);
    case Kind::kFlatten:
      batch.steps = 1;
      batch.width = layer.out;
      return;
    default:
      break;
  }
  point_at(now_, batch.rows(), batch.width, from_);
  if (layer.plan.kind == Kind::kLstm) {
    run_lstm(layer, batch, memories, recurrent);
  } else if (layer.plan.kind == Kind::kGru) {
    run_gru(layer, batch, memories, recurrent);
  } else {
    point_at(next_, batch.rows(), layer.out, to_);
    layer.dense[0].apply(from_, to_);
    kernels.activate(layer.plan.activation, next_.data(), batch.rows() * layer.out);
    if (layer.plan.elu_deviation) {
      for (float* row : to_)
        to_log_deviations(row + layer.plan.deviations_from, layer.out - layer.plan.deviations_from);
    }
  }
  std::swap(now_, next_);
  batch.width = layer.out;
}

// All inputs at once, then step by step what the steps before leave behind.
void FastNetwork::run_lstm(const Layer& layer, const Batch& batch, std::span<Memory* const> memories,
                           std::size_t recurrent) {
  const std::size_t hidden = layer.out, steps = batch.steps;
  point_at(gates_, batch.rows(), 4 * hidden, to_);
  layer.dense[0].apply(from_, to_);
  point_at(next_, batch.rows(), hidden, from_);  // its outputs, from here on
  fresh_.resize(std::max(fresh_.size(), batch.dancers));
  of_step_.resize(batch.dancers);
  other_.resize(batch.dancers);
  for (std::size_t t = 0; t < steps; ++t) {
    bool anew = t == 0;  // h is zero for all of them: nothing to multiply with
    for (std::size_t b = 0; b < batch.dancers; ++b) {
      if (!memories.empty()) memories[b]->resize(std::max(memories[b]->size(), recurrent + 1));
      std::vector<float>& state = memories.empty() ? fresh_[b] : (*memories[b])[recurrent];
      if (t == 0 && (memories.empty() || state.empty())) {
        state.assign(2 * hidden, 0.0f);
      } else {
        anew = false;
      }
      other_[b] = state.data();
      of_step_[b] = to_[b * steps + t];
    }
    if (!anew) layer.dense[1].apply({other_.data(), batch.dancers}, of_step_, true);
    for (std::size_t b = 0; b < batch.dancers; ++b) {
      float* h = other_[b];
      dense_kernels().lstm(of_step_[b], hidden, h + hidden, h);
      std::copy_n(h, hidden, from_[b * steps + t]);
    }
  }
}

// h' = (1 - z) tanh(W_n x + r (R_n h)) + z h, with r and z sigmoids (Cho 2014, as cuDNN has it)
void FastNetwork::run_gru(const Layer& layer, const Batch& batch, std::span<Memory* const> memories,
                          std::size_t recurrent) {
  const std::size_t hidden = layer.out, steps = batch.steps;
  const auto activate = dense_kernels().activate;
  point_at(gates_, batch.rows(), 3 * hidden, to_);
  layer.dense[0].apply(from_, to_);
  point_at(next_, batch.rows(), hidden, from_);
  fresh_.resize(std::max(fresh_.size(), batch.dancers));
  point_at(more_gates_, batch.dancers, 3 * hidden, of_step_);
  other_.resize(batch.dancers);
  for (std::size_t t = 0; t < steps; ++t) {
    for (std::size_t b = 0; b < batch.dancers; ++b) {
      if (!memories.empty()) memories[b]->resize(std::max(memories[b]->size(), recurrent + 1));
      std::vector<float>& state = memories.empty() ? fresh_[b] : (*memories[b])[recurrent];
      if (t == 0 && (memories.empty() || state.empty())) state.assign(hidden, 0.0f);
      other_[b] = state.data();
    }
    layer.dense[1].apply({other_.data(), batch.dancers}, of_step_);
    for (std::size_t b = 0; b < batch.dancers; ++b) {
      float *x = to_[b * steps + t], *r = of_step_[b], *h = other_[b];
      for (std::size_t i = 0; i < 2 * hidden; ++i) r[i] += x[i];
      activate(ActivationKind::kSigmoid, r, 2 * hidden);
      for (std::size_t i = 2 * hidden; i < 3 * hidden; ++i) x[i] += r[i - 2 * hidden] * r[i];
      activate(ActivationKind::kTanh, x + 2 * hidden, hidden);
      for (std::size_t i = 0; i < hidden; ++i) h[i] = (1.0f - r[hidden + i]) * x[2 * hidden + i] + r[hidden + i] * h[i];
      std::copy_n(h, hidden, from_[b * steps + t]);
    }
  }
}

}  // namespace ombra::model
