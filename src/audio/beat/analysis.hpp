#pragma once
// From samples to AudioFrames: the one path of live sound, of tracks and of offline rendering.
// Samples may come in blocks of any size; a frame comes out for every hop (about 10 ms). NaN and infinity are scrubbed.
// Thread: one owner; no allocation after construction.

#include "audio/beat/bar_finder.hpp"
#include "audio/beat/beat_clock.hpp"
#include "audio/beat/drop.hpp"
#include "audio/beat/features.hpp"
#include "audio/beat/onset.hpp"
#include "core/frames.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace ombra::audio {

class Analyser {
 public:
  explicit Analyser(int rate_hz, const BeatGrid& start = {});

  int rate_hz() const { return rate_hz_; }
  // The sound to come begins with its first sample (Features::after_silence).
  void after_silence() { features_.after_silence(); }
  // Takes as many samples as complete the current hop, at most all of them, and drops them from the front of mono.
  // end_s: clock time at which the last sample of mono was heard. -> true and a frame when a hop is complete.
  bool take(std::span<const float>& mono, double end_s, AudioFrame& frame);
  const BeatGrid& grid() const { return grid_; }

 private:
  AudioFrame analyse_hop(double time_s);

  // immutable after construction
  int rate_hz_;
  // state
  Features features_;
  OnsetDetector onsets_;
  BeatClock beats_;
  BarFinder bars_;
  BeatGrid grid_;
  DropDetector drops_;
  std::vector<float> hop_;
  std::size_t filled_ = 0;
  double last_s_;       // end of the newest hop
  double power_ = 0.0;  // mean square over 0.3 s
  float level_ = 0.0f;  // falls slowly
};

// A whole track on a fixed clock that starts at 0: frame k ends at (k + 1) hops. For renders and tests.
std::vector<AudioFrame> analyse(std::span<const float> mono, int rate_hz);

// -> mean of the first two channels of interleaved sound (a mixer's further inputs are other sources)
std::vector<float> mix_to_mono(std::span<const float> interleaved, int channels);

}  // namespace ombra::audio
