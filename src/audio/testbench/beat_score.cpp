#include "audio/testbench/beat_score.hpp"

#include "core/bar.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kNearS = 0.070, kFromS = 5.0, kBarsFromS = 10.0;
constexpr std::size_t kRow = 8;
constexpr double kTempoWindowS = 4.0, kSameTempo = 0.04, kWorthSaying = 0.1;

struct Ratio {
  double value;
  const char* name;
};
constexpr std::array<Ratio, 9> kRatios = {{{2, "2"},
                                           {0.5, "1/2"},
                                           {1.5, "3/2"},
                                           {2.0 / 3, "2/3"},
                                           {3, "3"},
                                           {1.0 / 3, "1/3"},
                                           {4.0 / 3, "4/3"},
                                           {0.75, "3/4"},
                                           {0, "other"}}};

double median(std::vector<double> values) {
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::span<const double> from(std::span<const double> times, double start_s) {
  return times.subspan(static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), start_s) - times.begin()));
}

// Pairs off beats and annotations, both rising. -> for each annotation its beat's index, or -1
std::vector<std::ptrdiff_t> matches(std::span<const double> beats, std::span<const double> truth) {
  std::vector<std::ptrdiff_t> out(truth.size(), -1);
  std::size_t b = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    while (b < beats.size() && beats[b] < truth[i] - kNearS) ++b;
    if (b < beats.size() && beats[b] <= truth[i] + kNearS) out[i] = static_cast<std::ptrdiff_t>(b++);
  }
  return out;
}

double f_measure(std::span<const double> beats, std::span<const double> truth, double start_s) {
  const auto b = from(beats, start_s), t = from(truth, start_s);
  const auto met = matches(b, t);
  const auto hits = static_cast<double>(std::count_if(met.begin(), met.end(), [](auto m) { return m >= 0; }));
  const auto all = static_cast<double>(b.size() + t.size());
  return all > 0.0 ? 2.0 * hits / all : 0.0;
}

// A beat in a locked row is met, and no other beat lies between it and the next.
double lock_from(std::span<const double> beats, std::span<const double> truth, double start_s) {
  const auto t = from(truth, start_s);
  const auto met = matches(beats, t);
  std::size_t row = 0;
  for (std::size_t i = 0; i < t.size(); ++i) {
    const bool follows = row == 0 || (met[i] >= 0 && met[i] == met[i - 1] + 1);
    row = met[i] < 0 ? 0 : follows ? row + 1 : 1;
    if (row == kRow) return t[i + 1 - kRow];
  }
  return -1.0;
}

// -> beats a minute of the last beats before time_s; 0 without any
double tempo_at(std::span<const double> beats, double time_s) {
  std::vector<double> lengths;
  const auto window = from(beats, time_s - kTempoWindowS);
  for (std::size_t i = 1; i < window.size() && window[i] <= time_s + kNearS; ++i)
    lengths.push_back(window[i] - window[i - 1]);
  return lengths.empty() ? 0.0 : 60.0 / median(lengths);
}

void score_tempo(std::span<const double> beats, std::span<const double> truth, BeatScore& score) {
  std::array<int, kRatios.size()> wrong{};
  int right = 0, all = 0;
  for (std::size_t i = 1; i < truth.size(); ++i) {
    if (truth[i] < kFromS) continue;
    ++all;
    const double ratio = tempo_at(beats, truth[i]) * median({truth[i] - truth[i - 1]}) / 60.0;
    if (std::abs(ratio - 1.0) <= kSameTempo) {
      ++right;
      continue;
    }
    std::size_t k = 0;
    while (k + 1 < kRatios.size() && std::abs(ratio / kRatios[k].value - 1.0) > kSameTempo) ++k;
    ++wrong[k];
  }
  if (all == 0) return;
  score.tempo_share = static_cast<double>(right) / all;
  const auto most = std::max_element(wrong.begin(), wrong.end());
  if (*most > kWorthSaying * all) score.multiple = kRatios[static_cast<std::size_t>(most - wrong.begin())].name;
}

}  // namespace

std::vector<AnnouncedBeat> announced(std::span<const AudioFrame> hops) {
  std::vector<AnnouncedBeat> beats;
  for (std::size_t i = 1; i < hops.size(); ++i) {
    const BeatGrid& grid = hops[i - 1].grid;
    const double beat = std::floor(grid.beat_at(hops[i].time_s));
    if (beat <= std::floor(grid.anchor_beat)) continue;
    const bool first = bar_known(grid) && std::lround(grid.place_in_bar(beat)) % grid.beats_per_bar == 0;
    beats.push_back({grid.time_of(beat), grid.confidence, first});
  }
  return beats;
}

std::vector<double> announced_beats(std::span<const AudioFrame> hops) {
  std::vector<double> times;
  for (const AnnouncedBeat& beat : announced(hops)) times.push_back(beat.time_s);
  return times;
}

double score_downbeats(std::span<const AnnouncedBeat> beats, std::span<const double> downbeats) {
  std::vector<double> firsts;
  for (const AnnouncedBeat& beat : beats) {
    if (beat.first) firsts.push_back(beat.time_s);
  }
  return f_measure(firsts, downbeats, kBarsFromS);
}

void Calibration::add(std::span<const AnnouncedBeat> announced, std::span<const double> truth) {
  std::size_t next = 0;
  for (const AnnouncedBeat& beat : announced) {
    if (beat.time_s < kFromS) continue;
    while (next < truth.size() && truth[next] < beat.time_s - kNearS) ++next;
    const bool hit = next < truth.size() && truth[next] <= beat.time_s + kNearS;
    if (hit) ++next;
    const auto bin = std::min(kBins - 1, static_cast<std::size_t>(beat.confidence * kBins));
    beats[bin] += 1.0;
    met[bin] += hit ? 1.0 : 0.0;
    confidence[bin] += beat.confidence;
  }
}

double Calibration::error() const {
  double sum = 0.0, all = 0.0;
  for (std::size_t i = 0; i < kBins; ++i) {
    sum += std::abs(met[i] - confidence[i]);
    all += beats[i];
  }
  return all > 0.0 ? sum / all : 0.0;
}

double Calibration::met_from(double least) const {
  double hits = 0.0, all = 0.0;
  for (auto i = static_cast<std::size_t>(std::lround(least * kBins)); i < kBins; ++i) {
    hits += met[i];
    all += beats[i];
  }
  return all > 0.0 ? hits / all : 0.0;
}

BeatScore score_beats(std::span<const double> beats, std::span<const double> truth, std::span<const double> changes) {
  BeatScore score;
  score.f = score.f_locked = f_measure(beats, truth, kFromS);
  score_tempo(beats, truth, score);
  score.lock_s = lock_from(beats, truth, 0.0);
  if (score.lock_s >= 0.0) {
    score.f_locked = f_measure(beats, truth, std::max(kFromS, score.lock_s - kNearS));
    const auto t = from(truth, score.lock_s);
    const auto met = matches(beats, t);
    std::vector<double> errors;
    for (std::size_t i = 0; i < t.size(); ++i) {
      if (met[i] >= 0) errors.push_back(beats[static_cast<std::size_t>(met[i])] - t[i]);
    }
    const double middle = median(errors);
    for (double& error : errors) error = std::abs(error - middle);
    score.late_ms = 1000.0 * middle;
    score.jitter_ms = 1000.0 * median(errors);
  }
  for (const double change : changes) {
    const double locked = lock_from(beats, truth, change);
    if (locked < 0.0) {
      score.relock_s = -1.0;
      break;
    }
    score.relock_s = std::max(score.relock_s, locked - change);
  }
  return score;
}

BarScore score_bars(std::span<const AudioFrame> hops, std::span<const double> truth,
                    std::span<const double> downbeats) {
  int all = 0, claimed = 0, right = 0;
  std::size_t hop = 0, bar = 0;
  for (const double t : truth) {
    while (bar + 1 < downbeats.size() && downbeats[bar + 1] <= t + 1e-6) ++bar;
    if (t < kBarsFromS || bar + 1 >= downbeats.size() || downbeats[bar] > t + 1e-6) continue;
    while (hop + 1 < hops.size() && hops[hop].time_s < t) ++hop;
    const BeatGrid& grid = hops[hop].grid;
    ++all;
    if (!bar_known(grid)) continue;
    ++claimed;
    const auto first = std::lower_bound(truth.begin(), truth.end(), downbeats[bar] - 1e-6);
    const auto here = std::lower_bound(truth.begin(), truth.end(), t - 1e-6);
    const auto next = std::lower_bound(truth.begin(), truth.end(), downbeats[bar + 1] - 1e-6);
    const double place = grid.place_in_bar(std::round(grid.beat_at(t)));
    right += grid.beats_per_bar == next - first && std::lround(place) % grid.beats_per_bar == here - first ? 1 : 0;
  }
  BarScore score;
  if (all > 0) score.claimed = static_cast<double>(claimed) / all;
  score.right = claimed > 0 ? static_cast<double>(right) / claimed : 1.0;
  return score;
}

}  // namespace ombra::audio
