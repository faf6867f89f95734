#pragma once
// The beat as a line through time that can be asked about the future: tempo from TempoEstimator, phase from a comb over
// the last seconds of novelty, both fed into a grid that never jumps.
// Corrections slide in: the grid's rate is the tempo plus the phase error over a second, so that beat_at is continuous
// and rises always. Without sound it runs on at the last tempo with confidence 0.
// Thread: one owner; no allocation after construction.

#include "audio/tempo.hpp"
#include "core/frames.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace ombra::audio {

class BeatClock {
 public:
  // start: the grid to run on from, e.g. the one of the source before
  BeatClock(double hop_s, const BeatGrid& start);

  // One hop that ended at time_s. flux, bass_flux: as in HopFeatures, at their peak delay_s after their attack.
  const BeatGrid& push(double time_s, double flux, double bass_flux, double delay_s, bool silent);
  const BeatGrid& grid() const { return grid_; }
  // -> beats a minute without the correction that is sliding in; 0 before anything was found
  double tempo_bpm() const { return tempo_.bpm(); }

 private:
  struct Phase {
    double beat = 0.0;      // 0..1: where in the beat the newest novelty is
    double contrast = 0.0;  // 0..1: how much of the novelty falls on the beat
  };
  Phase find_phase(double bpm, double expected) const;

  // immutable after construction
  double hop_s_;
  // state
  TempoEstimator tempo_;
  double flux_mean_ = 0.0, bass_mean_ = 0.0;  // over some seconds: novelty does not depend on the kind of music
  double heard_s_ = 0.0, quiet_s_ = 0.0;
  std::vector<float> accent_;  // ring: what the phase is read from
  std::size_t next_ = 0, filled_ = 0;
  int hops_until_update_ = 0;
  double error_ = 0.0;  // beats that the grid is behind the sound
  BeatGrid grid_;
};

}  // namespace ombra::audio
