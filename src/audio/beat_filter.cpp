#include "audio/beat_filter.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace ombra::audio {
namespace {

constexpr double kEvidence = 0.07;                             // how much an accent weighs against what was believed
constexpr double kBandWeight[kAccentBands] = {1.8, 1.0, 0.8};  // bass drums rarely lie
constexpr double kTempoChange = 100.0;    // a period a times as long follows with exp(-this |a - 1|)
constexpr double kLeastChange = 1e-3;     // what is less likely than this is left out
constexpr double kPatternChange = 0.02;   // probability of another pattern after a beat
constexpr double kNewShare = 0.004;       // of the probability begins anew each second, wherever the prior is
constexpr double kPriorPower = 3.0;       // weight of a second of the prior on tempo
constexpr double kMeanS = 5.0;            // the mean accent is that of so long
constexpr double kWidthS = 0.020;         // standard deviation of an accent's time ...
constexpr double kSixteenthWidth = 2.0;   // ... times this between beat and half: swing makes them late ...
constexpr double kSixteenthLate = 0.015;  // ... by about this, in beats
constexpr double kTrust = 0.6;            // power of the contrasts below: real music is less regular than practice
constexpr double kGroup = 1.2;            // periods up to this ratio share their templates

// How many times more than elsewhere is expected at the places of a beat; measured on practice music of seeds 3 to 5,
// averaged over the styles that share a pattern and over all ways of spoiling, rounded.
struct Expected {
  double beat = 1.0, quarter = 1.0, half = 1.0, third = 1.0, late = 1.0;  // at 0, 1/4, 1/2, 2/3, 3/4
};
struct Pattern {
  int beats;
  double share;                     // how common it is
  Expected bands[kAccentBands][3];  // bass, middle, treble; of each beat
};
constexpr Pattern kPatterns[] = {
    // a bass drum on every beat, a snare on every second, open hats between
    {2,
     1.0,
     {{{22, 1.2, 3, 1, 1.4}, {22, 1.2, 3, 1, 1.4}},
      {{10, 2, 8, 1, 1.5}, {11, 3, 6, 1, 1.5}},
      {{12, 2, 18, 1, 2}, {20, 2, 16, 1, 2}}}},
    // bass drum, then snare: rock, hip hop, drum and bass, breaks
    {2,
     1.0,
     {{{16, 3, 8, 1, 2.5}, {3, 1, 7, 1, 1.5}},
      {{10, 2, 3, 1, 3}, {14, 1, 4, 1, 2.5}},
      {{9, 3, 8, 1, 4}, {27, 1, 6, 1, 5}}}},
    // one low, two high
    {3,
     0.5,
     {{{30, 1, 1, 1, 1}, {2, 1, 1, 1, 1}, {2, 1, 1, 1, 1}},
      {{13, 1, 2, 1, 1}, {10, 1, 2, 1, 1}, {13, 1, 2, 1, 1}},
      {{8, 1, 2, 1, 1}, {22, 1, 2, 1, 2}, {22, 1, 2, 1, 1}}}},
    // a ride cymbal with late thirds
    {2,
     0.1,
     {{{14, 1, 1, 1.5, 1}, {14, 1, 1, 1.5, 1}},
      {{8, 1, 1, 3, 1}, {8, 1, 1, 3, 1}},
      {{16, 1, 1, 2, 1}, {24, 1, 1, 10, 1}}}},
    // three, three and two quarters of a beat: reggaeton, much Latin music
    {2,
     0.3,
     {{{15, 1, 2, 1, 7}, {16, 1, 10, 1, 1.5}},
      {{10, 1, 6, 1, 12}, {10, 1, 14, 1, 2}},
      {{16, 2, 13, 1, 14}, {13, 2, 20, 1, 3}}}},
    // one beat like another
    {1, 0.4, {{{14, 2, 4, 1, 2}}, {{11, 2, 3, 1, 2}}, {{16, 2, 4, 1, 2}}}},
};

double wrapped(double beats) { return beats - std::round(beats); }

// e^x for small x, in a form that the compiler turns into vector instructions
float small_exp(float x) {
  float y = 1.0f + x * (1.0f / 256.0f);
  for (int i = 0; i < 8; ++i) y *= y;
  return y;
}

}  // namespace

BeatFilter::BeatFilter(double hop_s) : cell_s_(hop_s / kCellsPerHop) {
  const auto fewest = static_cast<int>(std::ceil(60.0 / kFastestBpm / cell_s_));
  const auto most = static_cast<int>(60.0 / kSlowestBpm / cell_s_);
  for (int cells = fewest; cells <= most; ++cells) cells_.push_back(cells);
  for (const Pattern& pattern : kPatterns) slots_ += static_cast<std::size_t>(pattern.beats);
  std::vector<std::size_t> group(cells_.size());
  double group_s = 0.0;
  std::size_t groups = 0;
  const auto table_size = slots_ * kBins;
  for (std::size_t k = 0; k < cells_.size(); ++k) {
    if (period_s(k) > group_s * kGroup) {
      group_s = period_s(k);
      make_templates(group_s * std::sqrt(kGroup));
      ++groups;
    }
    group[k] = groups - 1;
  }
  likelihood_.assign(groups * table_size, 1.0f);
  std::size_t states = 0, slot = 0;
  for (const Pattern& pattern : kPatterns) {
    for (std::size_t k = 0; k < cells_.size(); ++k) {
      const int size = cells_[k] * pattern.beats;
      rings_.push_back({cells_[k], size, states, group[k] * table_size + slot * kBins, k, slot, 0});
      for (int place = 0; place < size; ++place)
        bin_.push_back(
            static_cast<std::uint16_t>((place * kBins + cells_[k] / 2) / cells_[k] % (kBins * pattern.beats)));
      states += static_cast<std::size_t>(size);
    }
    slot += static_cast<std::size_t>(pattern.beats);
  }
  const std::size_t n = cells_.size();
  change_.assign(n * n, 0.0f);
  for (std::size_t from = 0; from < n; ++from) {
    double sum = 0.0;
    for (std::size_t to = 0; to < n; ++to) {
      const double ratio = static_cast<double>(cells_[to]) / cells_[from];
      const double p = std::exp(-kTempoChange * std::abs(ratio - 1.0));
      if (p < kLeastChange) continue;
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

// One more table of templates: for beats of period_s.
void BeatFilter::make_templates(double period_s) {
  for (const Pattern& pattern : kPatterns) {
    for (std::size_t band = 0; band < kAccentBands; ++band) {
      std::vector<double> expected;
      double mean = 0.0;
      for (int i = 0; i < kBins * pattern.beats; ++i) {
        double x = 1.0;
        for (int beat = 0; beat < pattern.beats; ++beat) {
          const Expected& e = pattern.bands[band][beat];
          const auto peak = [&](double at, double height, double wide = 1.0) {
            double d = static_cast<double>(i) / kBins - beat - at;
            d -= pattern.beats * std::round(d / pattern.beats);
            d *= period_s / kWidthS / wide;
            x += (std::pow(height, kTrust) - 1.0) * std::exp(-0.5 * d * d);
          };
          peak(0.0, e.beat), peak(0.25 + kSixteenthLate, e.quarter, kSixteenthWidth), peak(0.5, e.half),
              peak(2.0 / 3.0, e.third), peak(0.75 + kSixteenthLate, e.late, kSixteenthWidth);
        }
        expected.push_back(x);
        mean += x / (kBins * pattern.beats);
      }
      const double weight = kEvidence * kBandWeight[band];
      for (const double x : expected) {
        weights_[band].push_back(static_cast<float>(weight * std::log(x / mean)));
        means_[band].push_back(static_cast<float>(weight * (x / mean - 1.0)));
      }
    }
  }
}

void BeatFilter::forget() {
  total_ = 0.0;
  for (std::size_t i = 0; i < rings_.size(); ++i) {
    Ring& ring = rings_[i];
    const double share = kPatterns[i / cells_.size()].share;
    std::fill_n(probability_.begin() + static_cast<std::ptrdiff_t>(ring.first), ring.size,
                static_cast<float>(share / ring.size));
    total_ += share;
    ring.zero = 0;
  }
  heard_s_ = 0.0;
}

void BeatFilter::push(const Accents& accents, std::span<const float> prior) {
  turn();
  find_likelihoods(accents);
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
    for (int beat = 0; beat * ring.cells < ring.size; ++beat) {
      for (int c = 0; c < kCellsPerHop; ++c) {
        row(ended_, c, ring.slot + static_cast<std::size_t>(beat))[ring.tempo] =
            probability_[ring.first + static_cast<std::size_t>(ring.at(beat * ring.cells + c))];
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
  for (const Pattern& p : kPatterns) shares += p.share;
  for (std::size_t i = 0; i < rings_.size(); ++i) {
    const Ring& ring = rings_[i];
    const Pattern& p = kPatterns[i / n];
    const auto in = static_cast<float>(kPatternChange * p.share / shares / p.beats);
    for (int beat = 0; beat < p.beats; ++beat) {
      for (int c = 0; c < kCellsPerHop; ++c) {
        probability_[ring.first + static_cast<std::size_t>(ring.at(beat * ring.cells + c))] =
            static_cast<float>(1.0 - kPatternChange) *
                row(begun_, c, ring.slot + static_cast<std::size_t>(beat))[ring.tempo] +
            in * row(ended_, c, 0)[ring.tempo];
      }
    }
  }
}

void BeatFilter::find_likelihoods(const Accents& accents) {
  heard_s_ += cell_s_ * kCellsPerHop;
  const double share = cell_s_ * kCellsPerHop / std::min(heard_s_, kMeanS);
  for (std::size_t b = 0; b < kAccentBands; ++b) mean_[b] += (accents[b] - mean_[b]) * static_cast<float>(share);
  static_assert(kAccentBands == 3);
  // a Poisson likelihood of each band: accent log(expected) - mean (expected - 1)
  const std::array<const float*, 3> w = {weights_[0].data(), weights_[1].data(), weights_[2].data()};
  const std::array<const float*, 3> m = {means_[0].data(), means_[1].data(), means_[2].data()};
  for (std::size_t i = 0; i < likelihood_.size(); ++i) {
    likelihood_[i] = small_exp(accents[0] * w[0][i] - mean_[0] * m[0][i] + accents[1] * w[1][i] - mean_[1] * m[1][i] +
                               accents[2] * w[2][i] - mean_[2] * m[2][i]);
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

BeatFilter::Belief BeatFilter::likeliest() const {
  // mass by coarse place and period; neighbouring boxes are taken together
  constexpr std::size_t kPlaces = 24, kPeriods = 24;
  std::array<double, kPlaces * kPeriods> box{};
  const double low = std::log(period_s(0)), span = std::log(period_s(tempi() - 1)) - low;
  for (const Ring& ring : rings_) {
    const auto row = static_cast<std::size_t>((std::log(ring.cells * cell_s_) - low) / span * (kPeriods - 1) + 0.5);
    for (int place = 0; place < ring.size; ++place) {
      const auto column = static_cast<std::size_t>(place % ring.cells) * kPlaces / static_cast<std::size_t>(ring.cells);
      box[row * kPlaces + column] += probability_[ring.first + static_cast<std::size_t>(ring.at(place))];
    }
  }
  double best = -1.0;
  Belief belief;
  for (std::size_t y = 0; y < kPeriods; ++y) {
    for (std::size_t x = 0; x < kPlaces; ++x) {
      double sum = 0.0;
      for (std::size_t v = y > 0 ? y - 1 : y; v <= std::min(y + 1, kPeriods - 1); ++v) {
        for (std::size_t u = x + kPlaces - 1; u <= x + kPlaces + 1; ++u) sum += box[v * kPlaces + u % kPlaces];
      }
      if (sum <= best) continue;
      best = sum;
      belief.beat = (static_cast<double>(x) + 0.5) / kPlaces;
      belief.period_s = std::exp(low + static_cast<double>(y) / (kPeriods - 1) * span);
    }
  }
  return near(belief.beat, belief.period_s);
}

BeatFilter::Belief BeatFilter::near(double beat, double period_s) const {
  constexpr double kNearBeats = 0.12, kNearPeriod = 0.08;
  double mass = 0.0, place_sum = 0.0, period_sum = 0.0;
  for (const Ring& ring : rings_) {
    const double period = ring.cells * cell_s_;
    if (std::abs(period / period_s - 1.0) > kNearPeriod) continue;
    for (int place = 0; place < ring.size; ++place) {
      const double d = wrapped(static_cast<double>(place % ring.cells) / ring.cells - beat);
      if (std::abs(d) > kNearBeats) continue;
      const double p = probability_[ring.first + static_cast<std::size_t>(ring.at(place))];
      mass += p;
      place_sum += p * d;
      period_sum += p * period;
    }
  }
  if (mass <= 1e-12) return {beat, period_s, 0.0};
  const double place = beat + place_sum / mass;
  return {place - std::floor(place), period_sum / mass, mass / total_};
}

}  // namespace ombra::audio
