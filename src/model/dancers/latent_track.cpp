#include "model/dancers/latent_track.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ombra::model {

LatentTrack::LatentTrack(int size, int capacity)
    : size_(size), capacity_(capacity), ring_(static_cast<std::size_t>(size) * static_cast<std::size_t>(capacity)) {}

void LatentTrack::clear(std::int64_t first_tick) { begin_ = end_ = first_tick; }

void LatentTrack::append(std::span<const float> latent) {
  OMBRA_ASSERT(latent.size() == static_cast<std::size_t>(size_));
  const std::int64_t slot = ((end_ % capacity_) + capacity_) % capacity_;
  std::copy(latent.begin(), latent.end(), ring_.begin() + slot * size_);
  ++end_;
  begin_ = std::max(begin_, end_ - capacity_);
}

void LatentTrack::truncate(std::int64_t end_tick) { end_ = std::clamp(end_tick, begin_, end_); }

std::span<const float> LatentTrack::at(std::int64_t tick) const {
  OMBRA_ASSERT(!empty());
  const std::int64_t kept = std::clamp(tick, begin_, end_ - 1);
  const std::int64_t slot = ((kept % capacity_) + capacity_) % capacity_;
  return {ring_.data() + slot * size_, static_cast<std::size_t>(size_)};
}

void LatentTrack::sample(double tick, double width, std::span<float> out) const {
  std::fill(out.begin(), out.end(), 0.0f);
  if (empty()) return;
  const auto add = [&](std::int64_t at_tick, double weight) {
    const auto latent = at(at_tick);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += static_cast<float>(weight) * latent[i];
  };
  const double whole = std::floor(tick), t = tick - whole;
  const auto k = static_cast<std::int64_t>(whole);
  const double t2 = t * t, t3 = t2 * t;
  if (width < 1.0) {
    add(k - 1, 0.5 * (-t3 + 2.0 * t2 - t));
    add(k, 0.5 * (3.0 * t3 - 5.0 * t2 + 2.0));
    add(k + 1, 0.5 * (-3.0 * t3 + 4.0 * t2 + t));
    add(k + 2, 0.5 * (t3 - t2));
    return;
  }
  const double half = 0.5 * width + 1.0;
  double sum = 0.0;
  const auto window = [&](std::int64_t i) {
    const double d = (static_cast<double>(i) - tick) / half;
    return std::abs(d) < 1.0 ? 0.5 + 0.5 * std::cos(std::numbers::pi * d) : 0.0;
  };
  const auto first = static_cast<std::int64_t>(std::ceil(tick - half)),
             last = static_cast<std::int64_t>(std::floor(tick + half));
  for (std::int64_t i = first; i <= last; ++i) sum += window(i);
  for (std::int64_t i = first; i <= last; ++i) add(i, window(i) / sum);
}

double LatentTrack::speed(std::int64_t ticks) const {
  const std::int64_t first = std::max(begin_ + 1, end_ - ticks);
  double sum = 0.0;
  for (std::int64_t i = first; i < end_; ++i) {
    const auto a = at(i - 1), b = at(i);
    double square = 0.0;
    for (std::size_t n = 0; n < a.size(); ++n) square += (b[n] - a[n]) * (b[n] - a[n]);
    sum += std::sqrt(square);
  }
  return end_ > first ? sum / static_cast<double>(end_ - first) : 0.0;
}

}  // namespace ombra::model
