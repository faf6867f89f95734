#include "model/dancers/herding.hpp"

#include <utility>

namespace ombra::model {
namespace {

constexpr double kMoves = 240.0;  // that are remembered: a minute at 120 BPM

}  // namespace

Herding::Herding(std::vector<float> middle, double spread)
    : spread_(spread), middle_(std::move(middle)), lately_(middle_.size(), 0.0) {}

void Herding::set_middle(std::span<const float> middle) {
  for (std::size_t i = 0; i < middle_.size(); ++i) {
    lately_[i] += static_cast<double>(middle_[i]) - static_cast<double>(middle[i]);
    middle_[i] = middle[i];
  }
}

double Herding::fit(std::span<const float> pose) const {
  double along = 0.0;
  for (std::size_t i = 0; i < lately_.size(); ++i) along += lately_[i] * (pose[i] - middle_[i]);
  return -along / spread_;
}

double Herding::apart() const {
  double square = 0.0;
  for (const double x : lately_) square += x * x;
  return square / spread_;
}

void Herding::add(std::span<const float> pose) {
  for (std::size_t i = 0; i < lately_.size(); ++i) lately_[i] += (pose[i] - middle_[i] - lately_[i]) / kMoves;
}

}  // namespace ombra::model
