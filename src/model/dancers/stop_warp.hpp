#pragma once
// Small bends of a dance's time that bring its stops onto the beats: from loose (as it was chosen) to tight.
// Dancers mark the beat with the end of a movement. A move that stops a little early or late is played a little slower
// or faster on its way there, so that the stop is seen on the beat; around the stop itself time runs as it did.
// Pairing and limits follow the idea of motion beats and music beats of Kim, Park and Shin 2003 ("Rhythmic-motion
// synthesis based on motion-beat analysis"), done here one beat ahead. Thread: one owner.

#include "model/dancers/latent_track.hpp"
#include "model/figure/seen_joints.hpp"

#include <cstdint>
#include <deque>

namespace ombra::model {

class StopWarp {
 public:
  // ticks_per_beat: of the track that will be looked at; seen: what of its codes moves, outlives it; null: the codes
  explicit StopWarp(int ticks_per_beat, const SeenJoints* seen = nullptr);

  // Ticks beyond the one that is shown which the track must have, so that find_stops() knows the stop that is bent to.
  int reach() const;
  // Finds the stops near all beats that the track has come to since the last call. Beats that are being played already
  // keep what was found.
  void find_stops(const LatentTrack& track);
  // The track was cut at a tick and goes on otherwise: what was found for beats after it is forgotten.
  void cut(std::int64_t tick);
  void clear();

  // -> the tick to show where `tick` would be; differs by at most kLongest of a beat and rises with it.
  // tightness 0: tick itself; 1: stops on the beats
  double shown(double tick, double tightness) const;

  static constexpr double kLongest = 0.25;  // of a beat: a stop farther away is one of its own
  static constexpr double kBending = 0.75;  // of a beat before each beat in which time bends; then it runs evenly

 private:
  double shift_of(std::int64_t beat) const;

  int per_beat_;
  const SeenJoints* seen_;
  std::int64_t first_ = 0;     // the beat of the first shift
  std::deque<double> shifts_;  // ticks from each beat to its stop
};

}  // namespace ombra::model
