#include "audio/beat/tempo.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ombra::audio {
namespace {

constexpr double kMemoryS = 6.0;
constexpr double kMinS = 1.5;
constexpr double kCalmBpm = 84.0;  // between these all tempi are as likely ...
constexpr double kFastBpm = 180.0;
constexpr double kBelowOctaves = 0.06;  // ... and outside they get rarer in this many octaves: slower music than
constexpr double kAboveOctaves = 0.40;  // about 78 is heard at twice its tempo ...
constexpr double kHalves = 0.25;        // ... as far as half a beat correlates: from here on wholly
constexpr int kMultiples = 4;
constexpr double kWeight[kMultiples] = {0.8, 1.0, 0.6, 1.0};
constexpr double kThirds = 0.5;
constexpr double kNeighbours = 0.03;  // where a beat and the next correlate less, nothing sounds on every second one,
constexpr double kAlone = 0.1;        // and the tempo counts down to this share
constexpr double kMinLikelihood = 0.02;  // of a tempo without any correlation
constexpr double kSharpness = 2.0;       // power of the correlation
// Where every second beat is struck much softer than the others it is none, however clear: a bass note and a hat
// between two bass drums. Strokes a beat apart correlate so much less than those two beats apart.
constexpr double kUneven = 0.6, kEven = 0.85, kMinEven = 0.005;
constexpr double kByHand = 0.6, kByMachine = 0.75;  // correlation of strokes two beats apart
constexpr double kBackbeat = 8.0;                   // weight of a snare on every second beat ...
constexpr double kNoSnare = 0.012, kSnare = 0.024;  // ... where its share of all accents' power says there is one

}  // namespace

TempoEstimator::TempoEstimator(double hop_s, std::vector<double> periods_s)
    : hop_s_(hop_s), periods_s_(std::move(periods_s)) {
  double longest = 0.0;
  for (const double period : periods_s_) {
    const double bpm = 60.0 / period;
    const double octaves = bpm < kCalmBpm   ? std::log2(bpm / kCalmBpm) / kBelowOctaves
                           : bpm > kFastBpm ? std::log2(bpm / kFastBpm) / kAboveOctaves
                                            : 0.0;
    prior_.push_back(std::exp(-0.5 * octaves * octaves));
    if (bpm >= kCalmBpm) slow_ = prior_.size();
    longest = std::max(longest, period);
  }
  const auto memory = static_cast<std::size_t>(kMemoryS / hop_s);
  for (Correlation* c : {&whole_, &backbeat_, &stroke_}) {
    c->envelope.assign(memory, 0.0f);
    c->at.assign(static_cast<std::size_t>(kMultiples * longest / hop_s) + 3, 0.0f);
  }
  ordered_.assign(memory, 0.0f);
  likelihood_.assign(periods_s_.size(), 1.0f);
  forget();
}

void TempoEstimator::push(double novelty, double backbeat, double stroke) {
  whole_.envelope[next_] = static_cast<float>(novelty);
  backbeat_.envelope[next_] = static_cast<float>(backbeat);
  stroke_.envelope[next_] = static_cast<float>(stroke);
  next_ = (next_ + 1) % ordered_.size();
  filled_ = std::min(filled_ + 1, ordered_.size());
}

void TempoEstimator::forget() {
  filled_ = 0;
  strength_ = regular_ = 0.0;
  for (Correlation* c : {&whole_, &backbeat_, &stroke_}) std::fill(c->envelope.begin(), c->envelope.end(), 0.0f);
  double sum = std::accumulate(prior_.begin(), prior_.end(), 0.0);
  for (std::size_t i = 0; i < prior_.size(); ++i)
    likelihood_[i] = static_cast<float>(prior_[i] / sum * static_cast<double>(prior_.size()));
}

double TempoEstimator::Correlation::operator()(double lag_hops) const {
  const auto i = static_cast<std::size_t>(lag_hops);
  if (i + 1 >= at.size()) return 0.0;
  const double part = lag_hops - static_cast<double>(i);
  return (1.0 - part) * at[i] + part * at[i + 1];
}

double TempoEstimator::Correlation::power() const {
  return std::inner_product(envelope.begin(), envelope.end(), envelope.begin(), 0.0);
}

bool TempoEstimator::Correlation::update(std::size_t next, std::size_t n, std::size_t shortest,
                                         std::vector<float>& ordered) {
  const auto past = [&](std::size_t i) { return envelope[(next + envelope.size() - n + i) % envelope.size()]; };
  // smoothed over three hops, so that a period between two whole hops still correlates; zero mean
  for (std::size_t i = 0; i < n; ++i) {
    ordered[i] = 0.5f * past(i) + 0.25f * (past(i > 0 ? i - 1 : i) + past(i + 1 < n ? i + 1 : i));
  }
  const float mean =
      std::accumulate(ordered.begin(), ordered.begin() + static_cast<std::ptrdiff_t>(n), 0.0f) / static_cast<float>(n);
  float power = 0.0f;
  for (std::size_t i = 0; i < n; ++i) {
    ordered[i] -= mean;
    power += ordered[i] * ordered[i];
  }
  std::fill(at.begin(), at.end(), 0.0f);
  if (power <= 1e-6f) return false;
  for (std::size_t lag = shortest; lag < std::min(at.size(), n); ++lag) {
    float sum = 0.0f;
    for (std::size_t i = lag; i < n; ++i) sum += ordered[i] * ordered[i - lag];
    at[lag] = sum / power * static_cast<float>(n) / static_cast<float>(n - lag);  // without the bias to short lags
  }
  return true;
}

double TempoEstimator::score(double lag_hops) const {
  double sum = 0.0, weight = 0.0;
  for (int k = 1; k <= kMultiples; ++k) {
    if (k * lag_hops > 0.7 * static_cast<double>(filled_)) break;
    sum += kWeight[k - 1] * whole_(k * lag_hops);
    weight += kWeight[k - 1];
  }
  if (weight <= 0.0) return 0.0;
  // one and a half beats look like a beat where hats answer kicks; then the true beat, 2/3 of it, correlates better
  const double thirds = std::max(0.0, whole_(lag_hops * 2.0 / 3.0) - whole_(lag_hops));
  return sum / weight - kThirds * thirds;
}

// -> 0 .. 1: do strokes come again as only machines play them?
double TempoEstimator::regularity(double correlation) {
  return std::clamp((correlation - kByHand) / (kByMachine - kByHand), 0.0, 1.0);
}

// -> 1, or less where strokes a beat apart are unlike
double TempoEstimator::evenness(double lag_hops) const {
  const double two = stroke_(2.0 * lag_hops);
  if (two <= kByHand) return 1.0;
  const double even = std::clamp((stroke_(lag_hops) / two - kUneven) / (kEven - kUneven), kMinEven, 1.0);
  return std::pow(even, regularity(two));
}

void TempoEstimator::update() {
  if (static_cast<double>(filled_) * hop_s_ < kMinS) return;
  const auto shortest = static_cast<std::size_t>(0.6 * periods_s_.front() / hop_s_);
  if (!whole_.update(next_, filled_, shortest, ordered_)) {
    strength_ = regular_ = 0.0;
    return;
  }
  backbeat_.update(next_, filled_, shortest, ordered_);
  stroke_.update(next_, filled_, shortest, ordered_);
  const double snares =
      kBackbeat * std::clamp((backbeat_.power() / whole_.power() - kNoSnare) / (kSnare - kNoSnare), 0.0, 1.0);
  double total = 0.0;
  strength_ = regular_ = 0.0;
  for (std::size_t i = 0; i < periods_s_.size(); ++i) {
    const double lag = periods_s_[i] / hop_s_;
    const double s = std::max(0.0, score(lag)) * std::clamp(whole_(lag) / kNeighbours, kAlone, 1.0);
    strength_ = std::max(strength_, std::min(1.0, s));
    regular_ = std::max(regular_, regularity(stroke_(2.0 * lag)));
    // a snare on every second beat comes again after two beats and not after one
    const double backbeat = std::max(0.0, backbeat_(2.0 * lag) - std::max(0.0, backbeat_(lag)));
    double prior = prior_[i];
    if (i >= slow_) prior = std::pow(prior, std::clamp(whole_(0.5 * lag) / kHalves, 0.0, 1.0));
    const double x =
        prior * evenness(lag) * (kMinLikelihood + std::pow(s, kSharpness)) * (1.0 + snares * backbeat * backbeat);
    likelihood_[i] = static_cast<float>(x);
    total += x;
  }
  for (float& x : likelihood_) x *= static_cast<float>(static_cast<double>(likelihood_.size()) / total);
}

}  // namespace ombra::audio
