#pragma once
// What the music as a whole is doing: a break (drums or bass are gone while it goes on), a build-up (attacks come
// closer and brighter while the bass is missing), and where a section begins. After a break the bass or the drums come
// back where a bar begins, most often after a multiple of four bars: how surely they do with the next beat is said a
// beat ahead. Thread: one owner; no allocation.

#include "audio/beat/beat_sums.hpp"
#include "core/frames.hpp"

#include <cstdint>

namespace ombra::audio {

class Sections {
 public:
  // One hop; ended: whether a beat ended with it (beats), drops: how many have been found so far. Fills in its part of
  // the frame's form.
  void push(const BeatSums& beats, bool ended, std::uint64_t drops, double hop_s, AudioFrame& frame);

 private:
  void end_beat(const BeatSums& beats, const BeatGrid& grid);
  double rise(const BeatSums& beats) const;
  void change() {
    change_ = 1.0f;
    ++changes_;
  }

  double full_bass_ = 0.0, full_flux_ = 0.0;  // the most of late
  int missing_ = 0, calm_beats_ = 0;          // beats without, and since the break began
  double build_ = 0.0, ahead_ = 0.0;
  float calm_ = 0.0f, change_ = 0.0f;
  std::uint64_t changes_ = 0, drops_ = 0;
};

}  // namespace ombra::audio
