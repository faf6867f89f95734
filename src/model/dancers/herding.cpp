#include "model/dancers/herding.hpp"

#include <utility>

namespace ombra::model {
namespace {

constexpr double kMoves = 240.0;  // that are remembered: a minute at 120 BPM

}  // namespace

Herding::Herding(std::vector<float> middle, double spread)
    : middle_(std::move(middle)), spread_(spread), lately_(middle_.size(), 0.0) {}

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
