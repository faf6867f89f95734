#pragma once
// Finds a drop: the bass returns strongly after at least two bars in which it was nearly gone while the music went on.
// Thread: one owner; no allocation.

#include <cstdint>

namespace ombra::audio {

class DropDetector {
 public:
  explicit DropDetector(double hop_s) : hop_s_(hop_s) {}

  // bass_rms and reference as in HopFeatures. -> true in the hop in which a drop is found
  bool push(double bass_rms, double reference, double bpm, bool silent);
  float envelope() const { return envelope_; }  // 1 at the drop, falls to 0 in a second
  std::uint64_t count() const { return count_; }

 private:
  // immutable after construction
  double hop_s_;
  // state
  double full_ = 0.0;               // bass that counts as strong: the loudest of the last minutes
  double fast_ = 0.0, slow_ = 0.0;  // bass over 0.15 s and over 1 s
  double missing_beats_ = 0.0;      // how long the bass has been gone
  double silent_s_ = 0.0;
  float envelope_ = 0.0f;
  std::uint64_t count_ = 0;
};

}  // namespace ombra::audio
