#pragma once
// The beat as a line through time that can be asked about the future: what BeatFilter believes, fed into a grid that
// never jumps.
// Corrections slide in: the grid's rate is the tempo plus a share of the phase error, so that beat_at is continuous
// and rises always. Without sound it runs on at the last tempo with confidence 0.
// Thread: one owner; no allocation after construction.

#include "audio/beat/beat_filter.hpp"
#include "audio/beat/tempo.hpp"
#include "core/frames.hpp"

namespace ombra::audio {

class BeatClock {
 public:
  // start: the grid to run on from, e.g. the one of the source before
  BeatClock(double hop_s, const BeatGrid& start);

  // One hop that ended at time_s; the accents are at their peak delay_s after their attack.
  const BeatGrid& push(double time_s, const HopFeatures& hop, double delay_s, bool silent);
  const BeatGrid& grid() const { return grid_; }
  double bpm() const { return 60.0 * rate_; }  // without the correction that slides in

 private:
  void read_filter(double place);  // asks the filter; place: the grid's in the beat, where the newest accents are
  void run_free();

  // immutable after construction
  double hop_s_;
  // state
  BeatFilter filter_;
  TempoEstimator tempo_;
  double quiet_s_ = 0.0;
  int hops_until_reading_ = 0, hops_until_tempo_ = 0;
  bool found_ = false;
  double period_s_ = 0.5;                          // of the hypothesis that is followed
  double rate_ = 2.0;                              // beats a second without the correction that slides in
  double error_ = 0.0;                             // beats that the grid is behind the sound
  double followed_s_ = 0.0;                        // how long this hypothesis has been followed without doubt
  double rival_s_ = 0.0, other_s_ = 0.0;           // how long another has been better, and one in another tempo
  double record_period_s_ = 0.5, record_s_ = 0.0;  // mean period since another tempo was followed, and how long ago
  double accent_ = 0.0, usual_accent_ = 0.0;       // mean of the last second or two, and of louder times
  double hardest_ = 0.0;                           // stroke of the last seconds
  BeatGrid grid_;
};

}  // namespace ombra::audio
