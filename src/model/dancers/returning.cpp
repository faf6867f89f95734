#include "model/dancers/returning.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::model {

Returning::Returning(std::size_t moves, std::size_t size) : moves_(moves), size_(size), steps_(moves * size, 0.0f) {}

double Returning::alike(std::span<const float> steps) const {
  const std::span<const float> then = std::span(steps_).subspan(oldest_ * size_, size_);
  double product = 0.0, now_square = 0.0, then_square = 0.0;
  for (std::size_t i = 0; i < size_; ++i) {
    const double a = steps[i], b = then[i];
    product += a * b, now_square += a * a, then_square += b * b;
  }
  const double both = std::sqrt(now_square * then_square);
  return both > 0.0 ? product / both : 0.0;
}

void Returning::add(std::span<const float> steps) {
  std::copy(steps.begin(), steps.end(), steps_.begin() + static_cast<std::ptrdiff_t>(oldest_ * size_));
  oldest_ = (oldest_ + 1) % moves_;
}

}  // namespace ombra::model
