#include "model/layers/frame_dancer.hpp"

#include "model/inference/sampling.hpp"

#include <cmath>
#include <numbers>

namespace ombra::model {

using torch::Tensor;

FrameDancerImpl::FrameDancerImpl(const Recipe& recipe, std::int64_t alternative)
    : spec_(recipe.dancer), code_(recipe.painter.code), windowed_(recipe.dancer.memory == "window") {
  network_ = register_module("network", Network(frame_network(recipe, alternative), recipe.keras));
  components_ = spec_.loss == "mdn" ? network_->output().back() / (2 * code_ + 1) : 0;
  mean_ = register_buffer("mean", torch::zeros({code_}));
  spread_ = register_buffer("spread", torch::ones({code_}));
  low_ = register_buffer("low", torch::zeros({code_}));
  high_ = register_buffer("high", torch::ones({code_}));
}

Tensor FrameDancerImpl::forward(const Tensor& codes, NetworkState* state) {
  const Tensor y = network_->forward(scaled(codes), windowed_ ? nullptr : state);
  if (!windowed_) return y;
  return y.dim() == 3 ? y.narrow(1, y.size(1) - 1, 1) : y.unsqueeze(1);
}

Tensor FrameDancerImpl::loss(const Tensor& codes, const Tensor& next) {
  const Tensor y = forward(codes).to(torch::kFloat);
  const Tensor target = scaled(next.narrow(1, next.size(1) - y.size(1), y.size(1)));
  if (!mixture()) return torch::mse_loss(y, target);
  const std::int64_t k = components_, z = code_;
  const auto shape = std::vector<std::int64_t>{y.size(0), y.size(1), k, z};
  const Tensor log_weight = torch::log_softmax(y.narrow(2, 0, k), 2);
  const Tensor mean = y.narrow(2, k, k * z).reshape(shape);
  const Tensor log_deviation = y.narrow(2, k + k * z, k * z).reshape(shape).clamp(-7.0, 3.0);
  const Tensor off = (target.unsqueeze(2) - mean) * torch::exp(-log_deviation);
  const Tensor log_density =
      -(0.5 * off.pow(2) + log_deviation).sum(-1) - 0.5 * static_cast<double>(z) * std::log(2.0 * std::numbers::pi);
  return -torch::logsumexp(log_weight + log_density, 2).mean() / static_cast<double>(z);
}

DancerMemory FrameDancerImpl::remember(const Tensor& phrase, bool with_state) {
  DancerMemory memory;
  const std::int64_t length = phrase.size(1);
  if (windowed_) {
    const std::int64_t missing = spec_.context - length;
    memory.seen = missing > 0 ? torch::cat({phrase.narrow(1, 0, 1).expand({1, missing, code_}), phrase}, 1)
                              : phrase.narrow(1, -missing, spec_.context).clone();
  } else {
    if (length > 1 && with_state) forward(phrase.narrow(1, 0, length - 1), &memory.state);
    memory.seen = phrase.narrow(1, length - 1, 1).clone();
  }
  return memory;
}

Tensor FrameDancerImpl::step(DancerMemory& memory, double temperature, Rng& rng) {
  const Tensor all = forward(memory.seen, &memory.state).to(torch::kFloat).cpu();
  const Tensor y = all.narrow(1, all.size(1) - 1, 1).contiguous();
  Tensor next = y;
  if (mixture()) {
    next = torch::empty({1, 1, code_});
    sample_mixture({y.data_ptr<float>(), static_cast<std::size_t>(y.numel())}, static_cast<int>(components_),
                   temperature, rng, {next.data_ptr<float>(), static_cast<std::size_t>(code_)});
  }
  next = next.to(mean_.device()) * spread_ + mean_;
  memory.seen = windowed_ ? torch::cat({memory.seen.slice(1, 1), next}, 1) : next;
  return next;
}

Tensor FrameDancerImpl::random_phrase(std::int64_t length, Rng& rng) const {
  const Tensor even = torch::empty({1, length, code_});
  for (std::int64_t i = 0; i < even.numel(); ++i) even.data_ptr<float>()[i] = static_cast<float>(rng.uniform());
  return low_ + even.to(low_.device()) * (high_ - low_);
}

void FrameDancerImpl::fit_scale(const Tensor& codes) {
  constexpr double kMin = 1e-4;
  const torch::NoGradGuard no_grad;
  low_.copy_(std::get<0>(codes.min(0)));
  high_.copy_(std::get<0>(codes.max(0)));
  if (spec_.scaling == "standard") {
    mean_.copy_(codes.mean(0));
    spread_.copy_(codes.std(0).clamp_min(kMin));
  } else if (spec_.scaling == "minmax") {
    mean_.copy_(low_);
    spread_.copy_((high_ - low_).clamp_min(kMin));
  }
}

}  // namespace ombra::model
