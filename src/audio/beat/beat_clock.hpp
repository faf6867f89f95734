#pragma once
// The beat as a line through time that can be asked about the future: what the ear says and BarPointer makes of it, fed
// into a grid that never jumps. Corrections slide in: the grid's rate is the tempo plus a share of the phase error, so
// that beat_at is continuous and rises always. Without sound it runs on at the last tempo with confidence 0. Confidence
// is the probability that a beat of the grid is one of the music: how much the ear says at the last beats, read off
// what such beats were worth on music that was held back (models/ear/README.md). Thread: one owner; no allocation after
// construction.

#include "audio/beat/bar_claim.hpp"
#include "audio/beat/bar_pointer.hpp"
#include "audio/beat/ear.hpp"
#include "core/frames.hpp"

namespace ombra::audio {

class BeatClock {
 public:
  // start: the grid to run on from, e.g. the one of the source before
  BeatClock(double hop_s, const BeatGrid& start);

  // One hop that ended at time_s, and what the ear said in it: a beat that it tells was delay_s before. quiet: the
  // music has stopped, and nothing is to be learned from what is left; silent: it has been so for some time.
  const BeatGrid& push(double time_s, const EarSays& says, double delay_s, bool quiet, bool silent);
  const BeatGrid& grid() const { return grid_; }
  double bpm() const { return 60.0 * rate_; }  // without the correction that slides in

 private:
  void read_pointer(double heard);  // asks the pointer; heard: the grid's beat at the time that the ear speaks of
  bool find(BarPointer::Belief& follow);
  void reconsider(BarPointer::Belief& follow, double step_s);
  void agree(double heard, double says);
  void run_free();

  // immutable after construction
  double hop_s_;
  // state
  BarPointer pointer_;
  BarClaim bars_;
  double quiet_s_ = 0.0;
  int hops_until_reading_ = 0;
  bool found_ = false;
  double period_s_ = 0.5;                          // of the hypothesis that is followed
  double rate_ = 2.0;                              // beats a second without the correction that slides in
  double error_ = 0.0;                             // beats that the grid is behind the sound
  double followed_s_ = 0.0;                        // how long this hypothesis has been followed without doubt
  double rival_s_ = 0.0, other_s_ = 0.0;           // how long another has been better, and one in another tempo
  double record_period_s_ = 0.5, record_s_ = 0.0;  // mean period since another tempo was followed, and how long ago
  double said_ = 0.0;                              // the most that the ear has said around this beat ...
  double agreed_ = 0.0;                            // ... and of the last beats, a mean
  double beats_ = 0.0, last_said_ = 1.0;           // how many these are, and of the last of them
  double pulse_ = 0.0;                             // that there is a beat at all
  BeatGrid grid_;
};

}  // namespace ombra::audio
