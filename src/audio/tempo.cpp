#include "audio/tempo.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ombra::audio {
namespace {

constexpr double kMemoryS = 8.0, kLeastS = 2.0;
constexpr double kPriorBpm = 120.0, kPriorOctaves = 0.7;  // standard deviation
constexpr double kStep = 1.005;                           // ratio of neighbouring candidates
constexpr int kMultiples = 4;
constexpr double kWeight[kMultiples] = {0.8, 1.0, 0.6, 1.0};
constexpr double kThirds = 0.5;
constexpr double kSameTempo = 0.06;    // within 6 % it is the same tempo, followed smoothly
constexpr double kRivalMargin = 1.10;  // a rival must score so much better ...
constexpr int kRivalUpdates = 15;      // ... for so many updates

}  // namespace

TempoEstimator::TempoEstimator(double hop_s) : hop_s_(hop_s) {
  for (double bpm = kSlowestBpm; bpm <= kFastestBpm * 1.0001; bpm *= kStep) {
    candidates_bpm_.push_back(bpm);
    const double octaves = std::log2(bpm / kPriorBpm) / kPriorOctaves;
    prior_.push_back(std::exp(-0.5 * octaves * octaves));
  }
  envelope_.assign(static_cast<std::size_t>(kMemoryS / hop_s), 0.0);
  ordered_.assign(envelope_.size(), 0.0);
  correlation_.assign(static_cast<std::size_t>(kMultiples * 60.0 / kSlowestBpm / hop_s) + 3, 0.0);
  score_.assign(candidates_bpm_.size(), 0.0);
}

void TempoEstimator::push(double novelty) {
  envelope_[next_] = novelty;
  next_ = (next_ + 1) % envelope_.size();
  filled_ = std::min(filled_ + 1, envelope_.size());
}

void TempoEstimator::forget() {
  filled_ = 0;
  bpm_ = strength_ = 0.0;
  rival_updates_ = 0;
}

double TempoEstimator::correlation_at(double lag_hops) const {
  const auto i = static_cast<std::size_t>(lag_hops);
  if (i + 1 >= correlation_.size()) return 0.0;
  const double part = lag_hops - static_cast<double>(i);
  return (1.0 - part) * correlation_[i] + part * correlation_[i + 1];
}

double TempoEstimator::score(double lag_hops) const {
  double sum = 0.0, weight = 0.0;
  for (int k = 1; k <= kMultiples; ++k) {
    if (k * lag_hops > 0.6 * static_cast<double>(filled_)) break;
    sum += kWeight[k - 1] * correlation_at(k * lag_hops);
    weight += kWeight[k - 1];
  }
  if (weight <= 0.0) return 0.0;
  // one and a half beats look like a beat where hats answer kicks; then the true beat, 2/3 of it, correlates better
  const double thirds = std::max(0.0, correlation_at(lag_hops * 2.0 / 3.0) - correlation_at(lag_hops));
  return sum / weight - kThirds * thirds;
}

void TempoEstimator::update() {
  if (static_cast<double>(filled_) * hop_s_ < kLeastS) return;
  const std::size_t n = filled_;
  const auto at = [&](std::size_t i) { return envelope_[(next_ + envelope_.size() - n + i) % envelope_.size()]; };
  // smoothed over three hops, so that a period between two whole hops still correlates; zero mean
  for (std::size_t i = 0; i < n; ++i) {
    ordered_[i] = 0.5 * at(i) + 0.25 * (at(i > 0 ? i - 1 : i) + at(i + 1 < n ? i + 1 : i));
  }
  const double mean = std::accumulate(ordered_.begin(), ordered_.begin() + static_cast<std::ptrdiff_t>(n), 0.0) /
                      static_cast<double>(n);
  double power = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    ordered_[i] -= mean;
    power += ordered_[i] * ordered_[i];
  }
  if (power <= 1e-12) {
    strength_ = 0.0;
    return;
  }
  const std::size_t lags = std::min(correlation_.size(), n);
  std::fill(correlation_.begin(), correlation_.end(), 0.0);
  const auto shortest = static_cast<std::size_t>(2.0 / 3.0 * 60.0 / kFastestBpm / hop_s_);
  for (std::size_t lag = shortest; lag < lags; ++lag) {
    double sum = 0.0;
    for (std::size_t i = lag; i < n; ++i) sum += ordered_[i] * ordered_[i - lag];
    correlation_[lag] =
        sum / power * static_cast<double>(n) / static_cast<double>(n - lag);  // without the bias to short lags
  }

  std::size_t best = 0;
  for (std::size_t i = 0; i < score_.size(); ++i) {
    score_[i] = score(60.0 / candidates_bpm_[i] / hop_s_) * prior_[i];
    if (score_[i] > score_[best]) best = i;
  }
  // the peak between candidates, by a parabola through three
  const auto refined = [&](std::size_t i) {
    if (i == 0 || i + 1 >= score_.size()) return candidates_bpm_[i];
    const double a = score_[i - 1], b = score_[i], c = score_[i + 1], bend = a - 2.0 * b + c;
    const double offset = bend < 0.0 ? std::clamp(0.5 * (a - c) / bend, -0.5, 0.5) : 0.0;
    return candidates_bpm_[i] * std::pow(kStep, offset);
  };
  if (bpm_ <= 0.0) {
    bpm_ = refined(best);
  } else {
    std::size_t near = score_.size();  // the best candidate that is still the tempo believed now
    for (std::size_t i = 0; i < score_.size(); ++i) {
      if (std::abs(candidates_bpm_[i] / bpm_ - 1.0) > kSameTempo) continue;
      if (near == score_.size() || score_[i] > score_[near]) near = i;
    }
    const bool settling = static_cast<double>(filled_) < 0.75 * static_cast<double>(envelope_.size());
    if (near == best || near == score_.size() || score_[best] < score_[near] * (settling ? 1.0 : kRivalMargin)) {
      rival_updates_ = 0;
      if (near < score_.size()) bpm_ += (refined(near) - bpm_) * 0.3;
    } else {
      const bool same = rival_bpm_ > 0.0 && std::abs(candidates_bpm_[best] / rival_bpm_ - 1.0) < kSameTempo;
      rival_updates_ = same ? rival_updates_ + 1 : 1;
      rival_bpm_ = candidates_bpm_[best];
      if (rival_updates_ >= (settling ? 3 : kRivalUpdates)) {
        bpm_ = refined(best);
        rival_updates_ = 0;
      }
    }
  }
  strength_ = std::clamp(score(60.0 / bpm_ / hop_s_), 0.0, 1.0);
}

}  // namespace ombra::audio
