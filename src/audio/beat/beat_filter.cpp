#include "audio/beat/beat_filter.hpp"

#include "audio/beat/beat_patterns.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ombra::audio {
namespace {

constexpr double kEvidence = 1.5;        // how much the patterns weigh against what was believed
constexpr double kTempoChange = 100.0;   // a period a times as long follows with exp(-this |a - 1|)
constexpr double kMinChange = 1e-3;      // what is less likely than this is left out
constexpr double kPatternChange = 0.02;  // probability of another pattern after a beat
constexpr double kNewShare = 0.004;      // of the probability begins anew each second, wherever the prior is
constexpr double kPriorPower = 0.6;      // weight of a second of the prior on tempo
constexpr double kWidthS = 0.012;        // standard deviation of a note's time
// Shorter periods come in steps of half a cell, so that fast music need not change its tempo at every beat: bare clicks
// at 160 and 190 were halved for that. Over 576 made-up runs F 0.983 became 0.984; up to 0.5 s no better than to 0.45.
constexpr double kFineS = 0.45;
constexpr double kGroup = 1.1;  // periods up to this ratio share their templates

// e^x for small x, in a form that the compiler turns into vector instructions
float small_exp(float x) {
  float y = 1.0f + x * (1.0f / 256.0f);
  for (int i = 0; i < 8; ++i) y *= y;
  return y;
}

}  // namespace

BeatFilter::BeatFilter(double hop_s) : cell_s_(hop_s / kCellsPerHop) {
  const double longest = 60.0 / kSlowestBpm / cell_s_;
  for (double cells = std::ceil(2.0 * 60.0 / kFastestBpm / cell_s_) / 2.0; cells <= longest;) {
    cells_.push_back(cells);
    cells = cells * cell_s_ < kFineS ? cells + 0.5 : std::floor(cells) + 1.0;
  }
  for (const BeatPattern& pattern : beat_patterns()) slots_ += static_cast<std::size_t>(pattern.beats);
  std::vector<std::size_t> group(cells_.size());
  double group_s = 0.0;
  std::size_t groups = 0;
  const auto table_size = slots_ * kBins;
  for (std::size_t k = 0; k < cells_.size(); ++k) {
    if (period_s(k) > group_s * kGroup) {
      group_s = period_s(k);
      make_tables(group_s * std::sqrt(kGroup));
      ++groups;
    }
    group[k] = groups - 1;
  }
  likelihood_.assign(groups * table_size, 1.0f);
  std::size_t states = 0, slot = 0;
  for (const BeatPattern& pattern : beat_patterns()) {
    for (std::size_t k = 0; k < cells_.size(); ++k) {
      const int size = static_cast<int>(cells_[k] * pattern.beats + 0.5);
      rings_.push_back({cells_[k], pattern.beats, size, states, group[k] * table_size + slot * kBins, k, slot, 0});
      for (int place = 0; place < size; ++place)
        bin_.push_back(
            static_cast<std::uint16_t>(static_cast<int>(place * kBins / cells_[k] + 0.5) % (kBins * pattern.beats)));
      states += static_cast<std::size_t>(size);
    }
    slot += static_cast<std::size_t>(pattern.beats);
  }
  const std::size_t n = cells_.size();
  change_.assign(n * n, 0.0f);
  for (std::size_t from = 0; from < n; ++from) {
    double sum = 0.0;
    for (std::size_t to = 0; to < n; ++to) {
      const double ratio = cells_[to] / cells_[from];
      const double p = std::exp(-kTempoChange * std::abs(ratio - 1.0));
      if (p < kMinChange) continue;
      change_[from * n + to] = static_cast<float>(p);
      reach_ = std::max(reach_, std::abs(static_cast<int>(to) - static_cast<int>(from)));
      sum += p;
    }
    for (std::size_t to = 0; to < n; ++to) change_[from * n + to] /= static_cast<float>(sum);
  }
  probability_.assign(states, 0.0f);
  ended_.assign(kCellsPerHop * slots_ * n, 0.0f);
  begun_.assign(ended_.size(), 0.0f);
  forget();
}

// One more table for every pattern: for beats of period_s, in which a note's time is less certain the shorter they are.
void BeatFilter::make_tables(double period_s) {
  const double width = std::max(0.4, kWidthS / period_s * kPatternBins);
  const int reach = static_cast<int>(std::ceil(3.0 * width)) + 1;
  for (const BeatPattern& pattern : beat_patterns()) {
    const int size = pattern.beats * kPatternBins;
    for (int i = 0; i < pattern.beats * kBins; ++i) {
      const double at = static_cast<double>(i) * kPatternBins / kBins;
      const int middle = static_cast<int>(at);
      std::array<double, kDrumBands> sum{};
      double share = 0.0;
      for (int k = middle - reach; k <= middle + reach; ++k) {
        const double g = std::exp(-0.5 * (k - at) * (k - at) / width / width);
        share += g;
        for (std::size_t band = 0; band < kDrumBands; ++band) sum[band] += g * pattern.weight((k + size) % size, band);
      }
      for (std::size_t band = 0; band < kDrumBands; ++band)
        weights_[band].push_back(static_cast<float>(kEvidence * sum[band] / share));
      off_beat_.push_back(static_cast<float>(std::max(0.0, -std::cos(2.0 * std::numbers::pi * i / kBins))));
    }
  }
}

void BeatFilter::forget() {
  total_ = 0.0;
  for (std::size_t i = 0; i < rings_.size(); ++i) {
    Ring& ring = rings_[i];
    const double share = beat_patterns()[i / cells_.size()].share;
    std::fill_n(probability_.begin() + static_cast<std::ptrdiff_t>(ring.first), ring.size,
                static_cast<float>(share / ring.size));
    total_ += share;
    ring.zero = 0;
  }
}

void BeatFilter::push(const DrumAccents& accents, std::span<const float> prior, double stroke) {
  turn();
  find_likelihoods(accents, static_cast<float>(stroke));
  observe(prior);
}

// Every state moves on by kCellsPerHop cells: the numbers stay, the place that they stand for moves.
void BeatFilter::turn() {
  const std::size_t n = cells_.size();
  const auto row = [&](std::vector<float>& v, int cell, std::size_t slot) {
    return &v[(static_cast<std::size_t>(cell) * slots_ + slot) * n];
  };
  for (Ring& ring : rings_) {
    ring.zero = ring.zero < kCellsPerHop ? ring.zero - kCellsPerHop + ring.size : ring.zero - kCellsPerHop;
    for (int beat = 0; beat < ring.beats; ++beat) {
      for (int c = 0; c < kCellsPerHop; ++c) {
        row(ended_, c, ring.slot + static_cast<std::size_t>(beat))[ring.tempo] =
            probability_[ring.first + static_cast<std::size_t>(ring.at(ring.start(beat) + c))];
      }
    }
  }
  std::fill(begun_.begin(), begun_.end(), 0.0f);
  for (std::size_t i = 0; i < kCellsPerHop * slots_; ++i) {
    const float* ended = &ended_[i * n];
    float* begun = &begun_[i * n];
    for (std::size_t from = 0; from < n; ++from) {
      const auto reach = static_cast<std::size_t>(reach_);
      const std::size_t last = std::min(n, from + reach + 1);
      for (std::size_t to = from > reach ? from - reach : 0; to < last; ++to)
        begun[to] += ended[from] * change_[from * n + to];
    }
  }
  // another pattern
  for (int c = 0; c < kCellsPerHop; ++c) {
    float* all = row(ended_, c, 0);  // no longer needed: the sum over all slots
    for (std::size_t k = 0; k < n; ++k) {
      float sum = 0.0f;
      for (std::size_t slot = 0; slot < slots_; ++slot) sum += row(begun_, c, slot)[k];
      all[k] = sum;
    }
  }
  double shares = 0.0;
  for (const BeatPattern& p : beat_patterns()) shares += p.share;
  for (std::size_t i = 0; i < rings_.size(); ++i) {
    const Ring& ring = rings_[i];
    const BeatPattern& p = beat_patterns()[i / n];
    const auto in = static_cast<float>(kPatternChange * p.share / shares / p.beats);
    for (int beat = 0; beat < p.beats; ++beat) {
      for (int c = 0; c < kCellsPerHop; ++c) {
        probability_[ring.first + static_cast<std::size_t>(ring.at(ring.start(beat) + c))] =
            static_cast<float>(1.0 - kPatternChange) *
                row(begun_, c, ring.slot + static_cast<std::size_t>(beat))[ring.tempo] +
            in * row(ended_, c, 0)[ring.tempo];
      }
    }
  }
}

void BeatFilter::find_likelihoods(const DrumAccents& accents, float stroke) {
  static_assert(kDrumBands == 4);
  const std::array<const float*, 4> w = {weights_[0].data(), weights_[1].data(), weights_[2].data(),
                                         weights_[3].data()};
  for (std::size_t i = 0; i < likelihood_.size(); ++i) {
    likelihood_[i] = small_exp(accents[0] * w[0][i] + accents[1] * w[1][i] + accents[2] * w[2][i] +
                               accents[3] * w[3][i] - stroke * off_beat_[i]);
  }
}

void BeatFilter::observe(std::span<const float> prior) {
  const double hop_s = cell_s_ * kCellsPerHop;
  const auto fresh = static_cast<float>(kNewShare * hop_s / static_cast<double>(probability_.size()));
  const auto norm = static_cast<float>(1.0 / total_);
  double total = 0.0;
  for (const Ring& ring : rings_) {
    const float* likelihood = &likelihood_[ring.table];
    const float scale = norm * std::pow(std::max(1e-3f, prior[ring.tempo]), static_cast<float>(kPriorPower * hop_s));
    const float more = fresh * prior[ring.tempo];
    float* p = &probability_[ring.first];
    const std::uint16_t* bin = &bin_[ring.first];
    float sum = 0.0f;
    const int head = ring.size - ring.zero;
    for (int i = 0; i < head; ++i) sum += p[ring.zero + i] = (p[ring.zero + i] * scale + more) * likelihood[bin[i]];
    for (int i = head; i < ring.size; ++i) sum += p[i - head] = (p[i - head] * scale + more) * likelihood[bin[i]];
    total += sum;
  }
  total_ = std::max(total, 1e-30);
}

}  // namespace ombra::audio
