#include "audio/beat_clock.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kMeanS = 4.0;
constexpr double kSilenceS = 0.5;  // quiet for this long: nothing is heard
constexpr int kHopsPerUpdate = 8;
constexpr double kPhaseMemoryS = 6.0, kPhaseForgetS = 3.0;
constexpr int kBins = 64;              // of one beat
constexpr double kBassAccent = 1.0;    // weight of a rise in the bass beside one over all bands
constexpr double kMostNovelty = 20.0;  // one crash shall not outweigh all beats
constexpr double kSlideS = 1.0;        // a phase error is made good in about this time, at first three times faster
constexpr float kLocked = 0.06f;
constexpr double kFarBeats = 0.20;
constexpr double kStay = 1.25;  // another phase must be so much stronger than the one danced to

double wrapped(double beats) { return beats - std::round(beats); }

}  // namespace

BeatClock::BeatClock(double hop_s, const BeatGrid& start) : hop_s_(hop_s), tempo_(hop_s), grid_(start) {
  accent_.assign(static_cast<std::size_t>(kPhaseMemoryS / hop_s), 0.0f);
  grid_.confidence = 0.0f;
}

BeatClock::Phase BeatClock::find_phase(double bpm, double expected) const {
  // novelty by its place in the beat, newest last; each hop is shared between two bins
  std::array<double, kBins> histogram{};
  double total = 0.0;
  const double beats_per_hop = hop_s_ * bpm / 60.0;
  for (std::size_t age = 0; age < filled_; ++age) {
    const double value = accent_[(next_ + accent_.size() - 1 - age) % accent_.size()] *
                         std::exp(-static_cast<double>(age) * hop_s_ / kPhaseForgetS);
    const double place = -static_cast<double>(age) * beats_per_hop;
    const double bin = (place - std::floor(place)) * kBins;
    const auto low = static_cast<std::size_t>(bin);
    const double part = bin - static_cast<double>(low);
    histogram[low % kBins] += value * (1.0 - part);
    histogram[(low + 1) % kBins] += value * part;
    total += value;
  }
  if (total <= 0.0) return {};
  // circular smoothing by a raised cosine of +-1/10 beat
  constexpr int kReach = kBins / 10;
  std::array<double, kBins> smooth{};
  for (int i = 0; i < kBins; ++i) {
    for (int k = -kReach; k <= kReach; ++k) {
      const double weight = 0.5 + 0.5 * std::cos(3.14159265358979 * k / (kReach + 1));
      smooth[static_cast<std::size_t>(i)] += weight * histogram[static_cast<std::size_t>((i + k + kBins) % kBins)];
    }
  }
  int best = 0, stay = 0;
  double best_value = -1.0, stay_value = -1.0;
  for (int i = 0; i < kBins; ++i) {
    const double value = smooth[static_cast<std::size_t>(i)];
    if (value > best_value) best = i, best_value = value;
    const bool near = std::abs(wrapped(static_cast<double>(i) / kBins - expected)) < kFarBeats;
    if (near && value > stay_value) stay = i, stay_value = value;
  }
  if (grid_.confidence > kLocked && stay_value * kStay > best_value) best = stay, best_value = stay_value;
  const auto bin = [&](int i) { return smooth[static_cast<std::size_t>((i + kBins) % kBins)]; };
  const double a = bin(best - 1), b = bin(best), c = bin(best + 1), bend = a - 2.0 * b + c;
  const double offset = bend < 0.0 ? std::clamp(0.5 * (a - c) / bend, -0.5, 0.5) : 0.0;
  // evenly spread novelty gives (kReach + 1) / kBins of the total under the smoothing window
  const double even = static_cast<double>(kReach + 1) / kBins;
  const double share = best_value / total;
  // a hop at place p is a beat when p equals the bin found: the newest novelty is -bin beats after it
  const double place = -(best + offset) / kBins;
  return {place - std::floor(place), std::clamp((share - even) / (1.0 - even), 0.0, 1.0)};
}

const BeatGrid& BeatClock::push(double time_s, double flux, double bass_flux, double delay_s, bool silent) {
  quiet_s_ = silent ? quiet_s_ + hop_s_ : 0.0;
  if (!silent) heard_s_ += hop_s_;
  const double share = std::min(1.0, hop_s_ / std::clamp(heard_s_, hop_s_, kMeanS));
  flux_mean_ += (flux - flux_mean_) * share;
  bass_mean_ += (bass_flux - bass_mean_) * share;
  // a rise counts against the mean of the last seconds; too little bass of its own is not blown up
  const double whole = std::max(0.0, flux - flux_mean_) / std::max(flux_mean_, 0.01);
  const double bass = std::max(0.0, bass_flux - bass_mean_) / std::max({bass_mean_, 0.5 * flux_mean_, 0.01});
  tempo_.push(std::min(whole + bass, kMostNovelty));
  accent_[next_] = static_cast<float>(std::min(whole + kBassAccent * bass, kMostNovelty));
  next_ = (next_ + 1) % accent_.size();
  filled_ = std::min(filled_ + 1, accent_.size());

  // along the old line to now
  const double now_beat = grid_.beat_at(time_s);
  const bool heard = quiet_s_ < kSilenceS;
  if (!heard) {
    if (quiet_s_ - hop_s_ < kSilenceS) {  // the next sound is a new one, perhaps with another tempo
      if (tempo_.bpm() > 0.0) grid_.bpm = tempo_.bpm();
      tempo_.forget();
      filled_ = 0;
      heard_s_ = 0.0;
    }
    error_ = 0.0;
    grid_.confidence *= static_cast<float>(std::exp(-hop_s_ / 0.5));
    if (grid_.confidence < 0.01f) grid_.confidence = 0.0f;
  } else if (--hops_until_update_ <= 0) {
    hops_until_update_ = kHopsPerUpdate;
    tempo_.update();
    if (tempo_.bpm() > 0.0) {
      const double expected = grid_.beat_at(time_s - delay_s);
      const Phase phase = find_phase(tempo_.bpm(), -(expected - std::floor(expected)));
      error_ = wrapped(phase.beat - (expected - std::floor(expected)));
      const double certain = std::clamp(2.0 * tempo_.strength(), 0.0, 1.0) * std::clamp(2.5 * phase.contrast, 0.0, 1.0);
      const double on_grid = std::clamp(1.5 - 5.0 * std::abs(error_), 0.0, 1.0);
      grid_.confidence += static_cast<float>(0.15 * (certain * on_grid - grid_.confidence));
    }
  }
  if (heard && tempo_.bpm() > 0.0) {
    const double rate = tempo_.bpm() / 60.0;
    const bool locked = grid_.confidence > kLocked;
    const double most = (locked ? 0.15 : 0.5) * rate;
    const double slide = std::clamp(error_ / (locked ? kSlideS : 0.3 * kSlideS), -most, most);
    grid_.bpm = (rate + slide) * 60.0;
    error_ -= slide * hop_s_;  // until the phase is looked at again
  }
  grid_.anchor_s = time_s;
  grid_.anchor_beat = now_beat;
  return grid_;
}

}  // namespace ombra::audio
