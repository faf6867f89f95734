#include "audio/beat/bar_finder.hpp"

#include "audio/beat/bar_weights.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kKeep = 0.97;     // of what was believed, from beat to beat ...
constexpr double kKeepLost = 0.9;  // ... when the beat is not heard in the music: the tracker may slip
constexpr double kFullConfidence = 0.4;
constexpr double kSpread = 8.0;     // no hypothesis is less likely than e^-kSpread times the likeliest
constexpr double kMinBeats = 8;     // before anything is claimed
constexpr double kStrongest = 0.9;  // so much of what the strongest cue says is left out where a bar is claimed
constexpr double kClaim = 0.8, kSwitch = 0.8, kDoubt = 0.35;
constexpr int kClaimBeats = 4, kSwitchBeats = 8, kDoubtBeats = 8;
constexpr double kNewRecordS = 6.0;  // quiet for so long: what comes may begin anywhere
constexpr float kBeatHeard = 0.1f;   // confidence of the beat from which its cues count
constexpr double kSame = 0.08;       // a tempo so much off is another one
constexpr double kUnlikely = 3.0;    // of hypotheses that none of before leads to

constexpr double kSlipBegins = 0.2, kSlipEnds = 0.03;  // a tempo so much off: the phase slips by half a beat
constexpr double kWholeSlip = 0.7;                     // beats: two slips by half a beat in one direction are one beat
constexpr double kSlipForgetS = 90.0;                  // a slip by half a beat is forgotten in this time
struct MeterHypothesis {
  int beats, first;
};
MeterHypothesis meter(std::size_t i) {
  return i < 4 ? MeterHypothesis{4, static_cast<int>(i)} : MeterHypothesis{3, static_cast<int>(i) - 4};
}
std::size_t index(int beats, std::int64_t first) {
  const auto rest = static_cast<std::size_t>(((first % beats) + beats) % beats);
  return beats == 4 ? rest : 4 + rest;
}

}  // namespace

BarFinder::BarFinder(int rate_hz) : cues_(rate_hz) { forget(); }

void BarFinder::forget() {
  belief_.fill(0.0);
  shares_ = {};
  weight_ = 0.0;
  known_ = false;
  agreed_ = doubted_ = 0;
  confidence_ = 0.0f;
  cues_.forget();
}

// The music keeps its time through a break; a tracker that loses it there and slides to an off-beat, and to the next
// beat when the drums return, has counted one beat too few.
void BarFinder::follow_slips(double bpm, double grid_bpm, double step_s) {
  const double ahead = (grid_bpm - bpm) / 60.0 * step_s;
  slipping_ = std::abs(grid_bpm / bpm - 1.0) > (slipping_ ? kSlipEnds : kSlipBegins);
  phase_slip_ += slipping_ ? ahead : -phase_slip_ * step_s / kSlipForgetS;
  if (std::abs(phase_slip_) < kWholeSlip) return;
  const int shift = phase_slip_ > 0.0 ? 1 : -1;
  phase_slip_ -= shift;
  Beliefs next;
  Shares shares;
  for (std::size_t i = 0; i < kMeters; ++i) {
    const auto [beats, first] = meter(i);
    const std::size_t to = index(beats, first + shift);
    next[to] = belief_[i];
    shares[to] = shares_[i];
  }
  belief_ = next;
  shares_ = shares;
  const auto [beats, first] = meter(meter_);
  meter_ = index(beats, first + shift);
}

BarFinder::Beliefs BarFinder::probabilities() const {
  Beliefs p;
  double sum = 0.0;
  for (std::size_t i = 0; i < kMeters; ++i)
    p[i] = belief_[i] + (i < 4 ? 0.0 : kThreeBias + kThreeBiasPerBeat * weight_);
  const double most = *std::max_element(p.begin(), p.end());
  for (double& x : p) sum += x = std::exp(x - most);
  for (double& x : p) x /= sum;
  return p;
}

// -> the probability of a hypothesis, most of what its strongest cue says left out (but for the one that tells
// three from four): a bass line that changes on the fourth beat of every bar of a loop must not decide alone
double BarFinder::probability_of(std::size_t meter) const {
  double others = 0.0;
  for (std::size_t i = 0; i < kMeters; ++i) {
    if (i == meter) continue;
    double most = 0.0;
    for (std::size_t c = 0; c < kThree; ++c) most = std::max(most, shares_[meter][c] - shares_[i][c]);
    const double bias = kThreeBias + kThreeBiasPerBeat * weight_;
    const double ahead =
        belief_[meter] + (meter < 4 ? 0.0 : bias) - belief_[i] - (i < 4 ? 0.0 : bias) - kStrongest * most;
    others += std::exp(-ahead);
  }
  return 1.0 / (1.0 + others);
}

void BarFinder::fade(double keep) {
  for (double& x : belief_) x *= keep;
  for (auto& shares : shares_) {
    for (double& x : shares) x *= keep;
  }
  weight_ *= keep;
}

void BarFinder::hear(const BeatCues& cues) {
  weight_ += 1.0;
  for (std::size_t i = 0; i < kMeters; ++i) {
    const auto [beats, first] = meter(i);
    for (std::size_t c = 0; c < kCues; ++c) {
      const std::size_t place = index(beats, cues.beat() - lag_of(c) - first);  // in the bar; of three, 4 and on
      const double says = static_cast<double>(kBarWeights[place][c]) * cues.cues()[c];
      belief_[i] += says;
      shares_[i][c] += says;
    }
  }
  const double most = *std::max_element(belief_.begin(), belief_.end());
  for (double& x : belief_) x = std::max(x, most - kSpread);
}

void BarFinder::decide() {
  const Beliefs p = probabilities();
  const auto best = static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
  const double needed = known_ ? kSwitch : kClaim;
  agreed_ = probability_of(best) < needed || (known_ && best == meter_) ? 0 : best == rival_ ? agreed_ + 1 : 1;
  rival_ = best;
  if (weight_ >= kMinBeats && agreed_ >= (known_ ? kSwitchBeats : kClaimBeats)) {
    meter_ = best;
    known_ = true;
    agreed_ = doubted_ = 0;
  }
  doubted_ = p[meter_] < kDoubt ? doubted_ + 1 : 0;
  if (doubted_ >= kDoubtBeats) known_ = false;
  confidence_ = known_ ? std::max(0.5f, static_cast<float>(p[meter_])) : 0.0f;
}

// The tracker counts every half or every second beat from `beat` on: each hypothesis becomes the one, or one of
// the two, that put the beginnings of bars at the same times.
void BarFinder::rescale(bool doubled, double beat) {
  Beliefs next;
  Shares shares{};
  next.fill(-1e9);
  std::size_t next_meter = meter_;
  for (std::size_t i = 0; i < kMeters; ++i) {
    const auto [beats, first] = meter(i);
    const double place = beat - first - beats * std::floor((beat - first) / beats);
    for (int turn = 0; turn < (doubled ? 1 : 2); ++turn) {
      const double exact = beat - (doubled ? 2.0 * place : 0.5 * (place + turn * beats));
      const std::size_t to = index(beats, std::llround(exact));
      if (belief_[i] > next[to]) {
        next[to] = belief_[i];
        shares[to] = shares_[i];
      }
      if (i == meter_ && turn == 0) next_meter = to;
    }
  }
  const double most = *std::max_element(next.begin(), next.end());
  for (std::size_t i = 0; i < kMeters; ++i) {
    belief_[i] = 0.5 * std::max(next[i], most - 2.0 * kUnlikely);
    for (std::size_t c = 0; c < kCues; ++c) shares_[i][c] = 0.5 * shares[i][c];
  }
  meter_ = next_meter;
  if (!doubled) known_ = false;  // two beginnings are equally likely now
  cues_.forget();
}

void BarFinder::follow_tempo(double bpm, double beat) {
  if (bpm_ > 0.0) {
    const double ratio = bpm / bpm_;
    if (std::abs(ratio / 2.0 - 1.0) < kSame || std::abs(ratio * 2.0 - 1.0) < kSame) {
      rescale(ratio > 1.0, beat);
    } else if (std::abs(ratio - 1.0) > kSame) {
      forget();
    }
    if (std::abs(ratio - 1.0) > kSame) phase_slip_ = 0.0;
  }
  bpm_ = bpm;
}

void BarFinder::push(std::span<const float> mono, const HopFeatures& hop, double time_s, double delay_s, bool silent,
                     double bpm, BeatGrid& grid) {
  const double step_s = std::max(0.0, time_s - last_s_);
  last_s_ = time_s;
  const bool was_quiet = quiet_s_ >= kNewRecordS;
  quiet_s_ = silent ? quiet_s_ + step_s : 0.0;
  if (!was_quiet && quiet_s_ >= kNewRecordS) forget();
  follow_tempo(bpm, grid.beat_at(time_s));
  follow_slips(bpm, grid.bpm, step_s);
  if (cues_.push(mono, hop, grid, time_s, delay_s, !silent && grid.confidence > kBeatHeard) && !silent) {
    const double confidence = std::clamp(grid.confidence / kFullConfidence, 0.0, 1.0);
    fade(kKeepLost + confidence * (kKeep - kKeepLost));
    if (cues_.heard()) hear(cues_);
    decide();
  }
  const auto [beats, first] = meter(meter_);
  grid.beats_per_bar = beats;
  grid.downbeat = first;
  grid.bar_confidence = confidence_;
}

}  // namespace ombra::audio
