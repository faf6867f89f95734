#pragma once
// How well announced beats meet annotated ones, as MIREX and mir_eval count (Davies, Degara and Plumbley 2009): a beat
// is met when exactly one of its own lies within 70 ms. Thread: any.

#include "core/frames.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace ombra::audio {

struct BeatScore {
  double f = 0.0;              // F-measure from 5 s on
  double f_locked = 0.0;       // from the lock on, 5 s at the earliest; f where there was no lock
  double lock_s = -1.0;        // the first annotated beat from which on eight in a row are met; -1: none
  double jitter_ms = 0.0;      // median absolute deviation of the beats that are met, after the lock
  double late_ms = 0.0;        // their median error, positive: after the annotation
  double tempo_share = 0.0;    // of the annotated beats from 5 s on around which the tempo is within 4 %
  std::string multiple = "-";  // the commonest wrong ratio to the true tempo, "2", "1/2", "3/2" ..., when above 10 %
  double relock_s = -1.0;      // the longest time from a change of record to the next lock; -1: none or no change
};

struct AnnouncedBeat {
  double time_s = 0.0;
  float confidence = 0.0f;
  bool first = false;  // of a bar that is claimed
};
// The beats that the grid of consecutive hops passes, each as the hop before it predicted: what a dancer would have
// shown, without looking ahead.
std::vector<AnnouncedBeat> announced(std::span<const AudioFrame> hops);
// Their times.
std::vector<double> announced_beats(std::span<const AudioFrame> hops);

// beats, truth, changes: in s, rising
BeatScore score_beats(std::span<const double> beats, std::span<const double> truth,
                      std::span<const double> changes = {});

struct BarScore {
  double claimed = 0.0;  // share of the annotated beats from 10 s on at which the grid's bar_confidence is 0.5 or more
  double right = 0.0;    // share of those at which it is right; 1 when nothing is claimed
};
// Whether place 0 of the bar and the number of beats in it are right where the grid claims them.
BarScore score_bars(std::span<const AudioFrame> hops, std::span<const double> truth, std::span<const double> downbeats);

// F-measure of the beats that are announced as the first of a bar, from 10 s on
double score_downbeats(std::span<const AnnouncedBeat> beats, std::span<const double> downbeats);

// What confidence is worth: of the beats from 5 s on that were announced with about this much of it, so many were met.
struct Calibration {
  static constexpr std::size_t kBins = 10;                 // of confidence, 0 .. 0.1 and so on
  std::array<double, kBins> beats{}, met{}, confidence{};  // confidence: the sum of it
  void add(std::span<const AnnouncedBeat> beats, std::span<const double> truth);
  // Mean of how far the share that is met lies from the confidence, over all beats (expected calibration error, Naeini,
  // Cooper and Hauskrecht 2015).
  double error() const;
  // -> share met of the beats with at least this confidence; 0 where there are none
  double met_from(double least) const;
};

}  // namespace ombra::audio
