#include "model/frame_dancer.hpp"

#include "model/sampling.hpp"

#include <cmath>
#include <numbers>

namespace ombra::model {

using torch::Tensor;

FrameDancerImpl::FrameDancerImpl(const FrameDancerSpec& spec, std::int64_t code, const std::string& file)
    : mixture_(spec.loss == "mdn"), code_(code) {
  network_ = register_module("network", Network(spec.layers, Shape{-1, code}, code, file, "[dancer]"));
  const std::int64_t out = network_->output().size() == 2 ? network_->output()[1] : 0;
  if (mixture_ ? (out < 2 * code + 1 || out % (2 * code + 1) != 0) : out != code) {
    throw UsageError(fmt::format("{}: [dancer] layers give {}, expected {}", file, shape_text(network_->output()),
                                 mixture_ ? "an mdn layer at the end" : fmt::format("[-1, {}]", code)));
  }
  components_ = mixture_ ? out / (2 * code + 1) : 0;
  mean_ = register_buffer("mean", torch::zeros({code}));
  spread_ = register_buffer("spread", torch::ones({code}));
}

Tensor FrameDancerImpl::forward(const Tensor& codes, NetworkState* state) {
  return network_->forward(scaled(codes), state);
}

Tensor FrameDancerImpl::loss(const Tensor& codes, const Tensor& next) {
  const Tensor y = forward(codes).to(torch::kFloat), target = scaled(next);
  if (!mixture_) return torch::mse_loss(y, target);
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

Tensor FrameDancerImpl::step(const Tensor& code, NetworkState& state, double temperature, Rng& rng) {
  const Tensor y = forward(code, &state).to(torch::kFloat).cpu().contiguous();
  if (!mixture_) return y.to(mean_.device()) * spread_ + mean_;
  const Tensor drawn = torch::empty({1, 1, code_});
  sample_mixture({y.data_ptr<float>(), static_cast<std::size_t>(y.numel())}, static_cast<int>(components_), temperature,
                 rng, {drawn.data_ptr<float>(), static_cast<std::size_t>(code_)});
  return drawn.to(mean_.device()) * spread_ + mean_;
}

void FrameDancerImpl::fit_scale(const Tensor& codes) {
  const torch::NoGradGuard no_grad;
  mean_.copy_(codes.mean(0));
  spread_.copy_(codes.std(0).clamp_min(1e-4));
}

}  // namespace ombra::model
