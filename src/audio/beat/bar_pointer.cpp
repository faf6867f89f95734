#include "audio/beat/bar_pointer.hpp"

#include "core/arithmetic.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kTempoChange = 100.0;  // a period a times as long follows with exp(-this |a - 1|)
constexpr double kMinChange = 1e-3;     // what is less likely than this is left out
constexpr double kOtherBeat = 0.004;    // probability that any beat of any bar follows a beat
constexpr double kNew = 2e-4;           // of the probability begins anew with each hop, where the ear hears a beat
constexpr std::array<double, BarPointer::kMetres.size()> kMetreShare{0.83, 0.14, 0.03};
constexpr double kFineS = 0.45;                           // shorter periods come in steps of half a cell
constexpr double kUsualBpm = 105.0, kTempoSpread = 0.55;  // before anything is heard, on a scale of octaves
// Of hops in which a beat sounds, and of beats that are the first of a bar; how much the ear's word counts.
constexpr double kBeatHops = 0.06, kFirstBeats = 0.27;
constexpr double kEvidence = 0.4, kBarEvidence = 0.5;
constexpr double kBeside = 0.5;        // of the evidence counts for the cells beside a beat
constexpr double kMostEvidence = 6.0;  // nats
constexpr double kNearBeats = 0.12, kNearPeriod = 0.08;
// The ear's word on the tempo is about the same from hop to hop: of each it counts so much, and no class for less than
// kLeastTempo.
constexpr double kTempoEvidence = 0.03, kLeastTempo = 0.003;
constexpr double kUsualEvidence = 0.005;  // and how usual a tempo is so much
constexpr int kHopsPerTempo = 4;          // it is heard so often

// -> nats by which a probability speaks for a class against a share that is usual
double evidence(double p, double usual) {
  return std::log(std::max(p, 1e-6) / usual) - std::log(std::max(1.0 - p, 1e-6) / (1.0 - usual));
}

}  // namespace

BarPointer::BarPointer(double hop_s) : cell_s_(hop_s) {
  const double longest = 60.0 / kSlowestBpm / cell_s_;
  for (double cells = std::ceil(2.0 * 60.0 / kFastestBpm / cell_s_) / 2.0; cells <= longest;) {
    cells_.push_back(cells);
    cells = cells * cell_s_ < kFineS ? cells + 0.5 : std::floor(cells) + 1.0;
  }
  const std::size_t n = cells_.size();
  double tempo_sum = 0.0;
  const auto usual = [&](double cells) {
    const double octaves = std::log2(60.0 / (cells * cell_s_) / kUsualBpm) / kTempoSpread;
    return -0.5 * octaves * octaves;
  };
  const auto prior = [&](double cells) { return std::exp(usual(cells)) / (cells * cell_s_ < kFineS ? 2.0 : 1.0); };
  for (const double cells : cells_) tempo_sum += prior(cells);
  std::size_t states = 0, slot = 0;
  for (std::size_t m = 0; m < kMetres.size(); ++m) {
    for (std::size_t k = 0; k < n; ++k) {
      const int size = static_cast<int>(cells_[k] * kMetres[m] + 0.5);
      const double kind =
          std::clamp(model::ear_tempo_class(60.0 / (cells_[k] * cell_s_)), 0.0, model::kEarTempi - 1.001);
      rings_.push_back({.cells = cells_[k],
                        .beats = kMetres[m],
                        .size = size,
                        .first = states,
                        .tempo = k,
                        .slot = slot,
                        .share = kMetreShare[m] * prior(cells_[k]) / tempo_sum,
                        .kind = static_cast<std::size_t>(kind),
                        .beyond = kind - std::floor(kind),
                        .usual = usual(cells_[k])});
      states += static_cast<std::size_t>(size);
    }
    slot += static_cast<std::size_t>(kMetres[m]);
  }
  change_.assign(n * n, 0.0f);
  for (std::size_t from = 0; from < n; ++from) {
    double sum = 0.0;
    for (std::size_t to = 0; to < n; ++to) {
      const double p = std::exp(-kTempoChange * std::abs(cells_[to] / cells_[from] - 1.0));
      if (p < kMinChange) continue;
      change_[from * n + to] = static_cast<float>(p);
      reach_ = std::max(reach_, from > to ? from - to : to - from);
      sum += p;
    }
    for (std::size_t to = 0; to < n; ++to) change_[from * n + to] /= static_cast<float>(sum);
  }
  probability_.assign(states, 0.0f);
  ended_.assign(kSlots * n, 0.0f);
  begun_.assign(kSlots * n, 0.0f);
  forget();
}

void BarPointer::forget() {
  total_ = 0.0;
  for (Ring& ring : rings_) {
    std::fill_n(probability_.begin() + static_cast<std::ptrdiff_t>(ring.first), ring.size,
                static_cast<float>(ring.share / ring.size));
    total_ += ring.share;
    ring.zero = 0;
  }
}

void BarPointer::push(const EarSays& says) {
  turn();
  observe(says);
  if (--hops_until_tempo_ > 0) return;
  hops_until_tempo_ = kHopsPerTempo;
  weigh_tempi(says.tempo);
}

// Every state moves on by one cell: the numbers stay, the place that they stand for moves.
void BarPointer::turn() {
  const std::size_t n = cells_.size();
  for (Ring& ring : rings_) {
    ring.zero = ring.zero == 0 ? ring.size - 1 : ring.zero - 1;
    for (int beat = 0; beat < ring.beats; ++beat)
      ended_[(ring.slot + static_cast<std::size_t>(beat)) * n + ring.tempo] =
          probability_[ring.first + static_cast<std::size_t>(ring.at(ring.start(beat)))];
  }
  std::fill(begun_.begin(), begun_.end(), 0.0f);
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    for (std::size_t from = 0; from < n; ++from) {
      const std::size_t first = from > reach_ ? from - reach_ : 0, last = std::min(n, from + reach_ + 1);
      const float ended = ended_[slot * n + from];
      for (std::size_t to = first; to < last; ++to) begun_[slot * n + to] += ended * change_[from * n + to];
    }
  }
  std::fill_n(ended_.begin(), n, 0.0f);  // no longer needed: the sum over all slots
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    for (std::size_t k = 0; k < n; ++k) ended_[k] += begun_[slot * n + k];
  }
  const double fresh = kNew * total_;
  double gained = 0.0;
  for (std::size_t i = 0; i < rings_.size(); ++i) {
    const Ring& ring = rings_[i];
    const double metre = kMetreShare[i / n] / ring.beats;
    for (int beat = 0; beat < ring.beats; ++beat) {
      float& p = probability_[ring.first + static_cast<std::size_t>(ring.at(ring.start(beat)))];
      const double before = p;
      p = static_cast<float>((1.0 - kOtherBeat) *
                                 begun_[(ring.slot + static_cast<std::size_t>(beat)) * n + ring.tempo] +
                             kOtherBeat * metre * ended_[ring.tempo] + fresh * ring.share / ring.beats);
      gained += p - before;
    }
  }
  total_ += gained;
}

void BarPointer::observe(const EarSays& says) {
  const double beat = says.beat;
  const double of_beat = std::clamp(kEvidence * evidence(beat, kBeatHops), -kMostEvidence, kMostEvidence);
  const double share = std::clamp(static_cast<double>(says.bar), 0.02, 0.98);
  const double is_first = kBarEvidence * std::log(share / kFirstBeats),
               is_other = kBarEvidence * std::log((1.0 - share) / (1.0 - kFirstBeats));
  const auto weights = [&](double bar) {
    const double certain = beat * bar;  // what no beat is says nothing about bars
    return std::array{static_cast<float>(std::exp(kBeside * (of_beat + certain))),
                      static_cast<float>(std::exp(of_beat + certain)),
                      static_cast<float>(std::exp(kBeside * (of_beat + certain)))};
  };
  const std::array of_first = weights(is_first), of_other = weights(is_other);
  for (const Ring& ring : rings_) {
    float* p = &probability_[ring.first];
    double gained = 0.0;
    for (int b = 0; b < ring.beats; ++b) {
      const auto& weight = b == 0 ? of_first : of_other;
      for (int beside = -1; beside <= 1; ++beside) {
        const int place = ring.start(b) + beside;
        float& state = p[ring.at(place < 0 ? place + ring.size : place)];
        const float now = state * weight[static_cast<std::size_t>(beside + 1)];
        gained += static_cast<double>(now) - state;
        state = now;
      }
    }
    total_ += gained;
  }
  if (total_ > 1e-6 && total_ < 1e6) return;
  // far from 1: scaled, and summed anew
  const auto scale = static_cast<float>(1.0 / std::max(total_, 1e-30));
  double sum = 0.0;
  for (float& p : probability_) sum += p = std::max(p * scale, 1e-30f);
  total_ = sum;
}

void BarPointer::weigh_tempi(std::span<const float> tempo) {
  double sum = 0.0;
  for (Ring& ring : rings_) {
    const double p = tempo[ring.kind] + ring.beyond * (tempo[ring.kind + 1] - tempo[ring.kind]);
    const auto weight = static_cast<float>(
        std::exp(kHopsPerTempo * (kTempoEvidence * std::log(p + kLeastTempo) + kUsualEvidence * ring.usual)));
    float of_ring = 0.0f;
    for (float& state : std::span(probability_).subspan(ring.first, static_cast<std::size_t>(ring.size)))
      of_ring += state *= weight;
    sum += of_ring;
  }
  total_ = sum;
}

BarPointer::Belief BarPointer::likeliest() const {
  // mass by coarse place and period; neighbouring boxes are taken together
  constexpr std::size_t kPlaces = 24, kPeriods = 24;
  std::array<double, kPlaces * kPeriods> box{};
  const double low = std::log(cells_.front()), span = std::log(cells_.back()) - low;
  for (const Ring& ring : rings_) {
    double* row = &box[static_cast<std::size_t>((std::log(ring.cells) - low) / span * (kPeriods - 1) + 0.5) * kPlaces];
    for (int beat = 0; beat < ring.beats; ++beat) {
      const int from = ring.start(beat), to = beat + 1 < ring.beats ? ring.start(beat + 1) : ring.size;
      for (int place = from; place < to; ++place)
        row[static_cast<std::size_t>((place - from) * static_cast<int>(kPlaces) / (to - from))] +=
            probability_[ring.first + static_cast<std::size_t>(ring.at(place))];
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
      belief.period_s = cell_s_ * std::exp(low + static_cast<double>(y) / (kPeriods - 1) * span);
    }
  }
  return near(belief.beat, belief.period_s);
}

// act(ring, beat of the bar, distance in beats, probability) for each state near the place and period given
template <typename Do>
void BarPointer::each_near(double beat, double period_s, const Do& act) const {
  for (const Ring& ring : rings_) {
    if (std::abs(ring.cells * cell_s_ / period_s - 1.0) > kNearPeriod) continue;
    const int reach = static_cast<int>(kNearBeats * ring.cells);
    for (int b = 0; b < ring.beats; ++b) {
      const int middle = static_cast<int>(std::floor((b + beat) * ring.cells + 0.5));
      for (int place = middle - reach; place <= middle + reach; ++place) {
        const int within = floor_mod(place, ring.size);
        act(ring, b, place / ring.cells - b - beat,
            probability_[ring.first + static_cast<std::size_t>(ring.at(within))]);
      }
    }
  }
}

BarPointer::Belief BarPointer::near(double beat, double period_s) const {
  double mass = 0.0, place_sum = 0.0, period_sum = 0.0;
  each_near(beat, period_s, [&](const Ring& ring, int, double d, double p) {
    mass += p;
    place_sum += p * d;
    period_sum += p * ring.cells * cell_s_;
  });
  if (mass <= 1e-12 * total_) return {beat, period_s, 0.0};
  const double place = beat + place_sum / mass;
  return {place - std::floor(place), period_sum / mass, mass / total_};
}

BarPointer::Bars BarPointer::bars(double beat, double period_s) const {
  Bars of{};
  double all = 0.0;
  each_near(beat, period_s, [&](const Ring& ring, int b, double, double p) {
    of[ring.slot + static_cast<std::size_t>(b)] += p;
    all += p;
  });
  if (all <= 0.0) return of;
  for (double& p : of) p /= all;
  return of;
}

}  // namespace ombra::audio
