#include "model/inference/stream_network.hpp"

#include "core/error.hpp"
#include "model/inference/dense_kernel.hpp"

#include <algorithm>
#include <utility>

namespace ombra::model {
namespace {

using Kind = LayerPlan::Kind;

bool convolves(Kind kind) { return kind == Kind::kConv1d || kind == Kind::kResidual1d; }

bool known(const LayerPlan& plan) {
  if (convolves(plan.kind)) return plan.stride == 1 && (plan.causal || plan.kernel == 1);
  return plan.kind == Kind::kDense || plan.kind == Kind::kActivation || plan.kind == Kind::kPass;
}

}  // namespace

void StreamNetwork::Past::push(const float* row) {
  newest = newest + 1 < rows ? newest + 1 : 0;
  std::copy_n(row, width, numbers.data() + newest * width);
  std::copy_n(row, width, numbers.data() + (newest + rows) * width);
}

std::unique_ptr<StreamNetwork> StreamNetwork::make(const std::vector<LayerPlan>& plan, std::size_t in) {
  std::unique_ptr<StreamNetwork> network(new StreamNetwork);
  network->in_ = in;
  std::size_t width = in, widest = in;
  for (const LayerPlan& each : plan) {
    if (!known(each)) return nullptr;
    Layer layer{.plan = each, .dense = {}, .point = {}, .in = width, .out = width, .past = {}};
    layer.plan.dense.clear();
    if (!each.dense.empty()) {
      layer.dense = PackedDense(each.dense[0]);
      layer.out = each.dense[0].out;
    }
    if (each.kind == Kind::kResidual1d) layer.point = PackedDense(each.dense[1]);
    if (convolves(each.kind)) {
      layer.past.rows = (each.kernel - 1) * each.dilation + 1;
      layer.past.width = width;
      layer.past.numbers.assign(2 * layer.past.rows * width, 0.0f);
    }
    width = layer.out;
    widest = std::max(widest, width);
    network->layers_.push_back(std::move(layer));
  }
  network->out_ = width;
  for (std::vector<float>* numbers : {&network->now_, &network->next_, &network->wide_}) numbers->resize(widest);
  return network;
}

void StreamNetwork::run(Layer& layer) {
  const auto activate = dense_kernels().activate;
  const float *from = now_.data(), *oldest = nullptr;
  float *to = next_.data(), *wide = wide_.data();
  switch (layer.plan.kind) {
    case Kind::kPass:
      return;
    case Kind::kActivation:
      return activate(layer.plan.activation, now_.data(), layer.in);
    case Kind::kConv1d:
      layer.past.push(from);
      oldest = layer.past.oldest();
      layer.dense.apply({&oldest, 1}, {&to, 1}, false, layer.in, layer.plan.dilation * layer.in);
      break;
    case Kind::kResidual1d:
      std::copy_n(from, layer.in, to);
      activate(layer.plan.activation, now_.data(), layer.in);
      layer.past.push(from);
      oldest = layer.past.oldest();
      layer.dense.apply({&oldest, 1}, {&wide, 1}, false, layer.in, layer.plan.dilation * layer.in);
      activate(layer.plan.activation, wide, layer.out);
      from = wide;
      layer.point.apply({&from, 1}, {&to, 1}, true);
      return std::swap(now_, next_);
    default:
      layer.dense.apply({&from, 1}, {&to, 1});
  }
  activate(layer.plan.activation, to, layer.out);
  std::swap(now_, next_);
}

void StreamNetwork::step(std::span<const float> x, std::span<float> y) {
  OMBRA_ASSERT(x.size() == in_ && y.size() == out_);
  std::copy(x.begin(), x.end(), now_.begin());
  for (Layer& layer : layers_) run(layer);
  std::copy_n(now_.begin(), out_, y.begin());
}

void StreamNetwork::forget() {
  for (Layer& layer : layers_) std::fill(layer.past.numbers.begin(), layer.past.numbers.end(), 0.0f);
}

}  // namespace ombra::model
