#include "train/optimiser.hpp"

#include <cmath>
#include <numbers>

namespace ombra::train {

using torch::Tensor;

namespace {
constexpr double kBeta1 = 0.9, kSmall = 1e-8, kRmsDecay = 0.9, kDeltaDecay = 0.95, kKerasSmall = 1e-7;
}

Optimiser::Optimiser(std::vector<Tensor> parameters, const model::TrainSpec& spec)
    : spec_(spec), parameters_(std::move(parameters)) {
  for (const Tensor& p : parameters_) {
    mean_.push_back(torch::zeros_like(p));
    square_.push_back(torch::zeros_like(p));
  }
}

double Optimiser::rate(double step) const {
  const double warm = spec_.warmup > 0 ? std::min(1.0, (step + 1.0) / static_cast<double>(spec_.warmup)) : 1.0;
  // what must be done at an hour the user named ends with small steps, whatever the schedule
  if (spec_.budget_s <= 0.0 && spec_.schedule == "constant") return spec_.rate * warm;
  if (spec_.budget_s <= 0.0 && spec_.schedule == "step")
    return warm * (step < static_cast<double>(spec_.later_from) ? spec_.rate : spec_.later_rate);
  const double share = std::min(1.0, step / static_cast<double>(spec_.steps));
  return spec_.rate * warm * (0.05 + 0.95 * 0.5 * (1.0 + std::cos(std::numbers::pi * share)));
}

double Optimiser::step(double step) {
  const torch::NoGradGuard no_grad;
  double square = 0.0;
  for (const Tensor& p : parameters_) {
    if (p.grad().defined()) square += p.grad().pow(2).sum().item<double>();
  }
  const double norm = std::sqrt(square), scale = norm > spec_.clip ? spec_.clip / norm : 1.0, lr = rate(step);
  if (std::isfinite(norm)) {
    ++moves_;
    const double fix1 = 1.0 - std::pow(kBeta1, static_cast<double>(moves_)),
                 fix2 = 1.0 - std::pow(spec_.beta2, static_cast<double>(moves_));
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      Tensor& p = parameters_[i];
      if (!p.grad().defined()) continue;
      const Tensor g = scale < 1.0 ? p.grad() * scale : p.grad();
      if (spec_.optimiser == "rmsprop") {
        square_[i].mul_(kRmsDecay).addcmul_(g, g, 1.0 - kRmsDecay);
        p.addcdiv_(g, square_[i].sqrt().add_(kKerasSmall), -lr);
      } else if (spec_.optimiser == "adadelta") {  // mean_ holds the running square of the moves
        square_[i].mul_(kDeltaDecay).addcmul_(g, g, 1.0 - kDeltaDecay);
        const Tensor move = g * (mean_[i] + kKerasSmall).sqrt_() / (square_[i] + kKerasSmall).sqrt_();
        mean_[i].mul_(kDeltaDecay).addcmul_(move, move, 1.0 - kDeltaDecay);
        p.add_(move, -lr);
      } else if (spec_.optimiser == "sgd") {
        p.add_(g, -lr);
      } else {
        if (spec_.optimiser == "adamw") p.mul_(1.0 - lr * spec_.weight_decay);
        mean_[i].mul_(kBeta1).add_(g, 1.0 - kBeta1);
        square_[i].mul_(spec_.beta2).addcmul_(g, g, 1.0 - spec_.beta2);
        p.addcdiv_(mean_[i], (square_[i] / fix2).sqrt_().add_(kSmall), -lr / fix1);
      }
    }
  }
  for (Tensor& p : parameters_) p.mutable_grad() = Tensor();
  return norm;
}

void Optimiser::save(model::SafetensorsWriter& writer) const {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    model::add_tensor(writer, fmt::format("optimiser.mean.{}", i), mean_[i]);
    model::add_tensor(writer, fmt::format("optimiser.square.{}", i), square_[i]);
  }
  model::add_tensor(writer, "optimiser.moves", torch::tensor({moves_}, torch::kLong));
}

void Optimiser::load(const model::SafetensorsFile& file) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    for (const auto& [name, into] : {std::pair{"mean", &mean_[i]}, std::pair{"square", &square_[i]}}) {
      const std::string full = fmt::format("optimiser.{}.{}", name, i);
      const auto shape = into->sizes().vec();
      into->copy_(model::tensor_of(file.tensor(full, model::DType::kF32, shape)));
    }
  }
  moves_ = model::tensor_of(file.tensor("optimiser.moves")).item<std::int64_t>();
}

}  // namespace ombra::train
