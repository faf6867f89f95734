#pragma once
// From samples to AudioFrames: the one path of live sound, of tracks and of offline rendering.
// Samples may come in blocks of any size; a frame comes out for every hop (about 10 ms). NaN and infinity are scrubbed.
// Thread: one owner; no allocation after construction.

#include "audio/beat/beat_clock.hpp"
#include "audio/beat/beat_sums.hpp"
#include "audio/beat/drop.hpp"
#include "audio/beat/ear.hpp"
#include "audio/beat/features.hpp"
#include "audio/beat/onset.hpp"
#include "audio/beat/phrases.hpp"
#include "audio/beat/sections.hpp"
#include "core/frames.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace ombra::audio {

class Analyser {
 public:
  // ear: what hears the beat; null: nothing does, and the grid runs on without confidence
  explicit Analyser(int rate_hz, const BeatGrid& start = {},
                    const std::shared_ptr<const EarFile>& ear = EarFile::shipped());

  int rate_hz() const { return rate_hz_; }
  // Takes as many samples as complete the current hop, at most all of them, and drops them from the front of mono.
  // end_s: clock time at which the last sample of mono was heard. -> true and a frame when a hop is complete.
  bool take(std::span<const float>& mono, double end_s, AudioFrame& frame);
  const BeatGrid& grid() const { return grid_; }

 private:
  AudioFrame analyse_hop(double time_s);
  void hear_beat(double time_s, bool quiet, bool silent);

  // immutable after construction
  int rate_hz_;
  // state
  Features features_;
  OnsetDetector onsets_;
  std::unique_ptr<Ear> ear_;  // null: there is none
  BeatClock beats_;
  BeatGrid grid_;
  DropDetector drops_;
  BeatSums sums_;
  Sections sections_;
  Phrases phrases_;
  std::vector<float> hop_;
  std::size_t filled_ = 0;
  double last_s_;         // end of the newest hop
  double power_ = 0.0;    // mean square over 0.3 s
  double quiet_s_ = 0.0;  // how long it has been much softer than the music was
  float level_ = 0.0f;    // falls slowly
};

// A whole track on a fixed clock that starts at 0: frame k ends at (k + 1) hops. For renders and tests.
std::vector<AudioFrame> analyse(std::span<const float> mono, int rate_hz);

// -> mean of the first two channels of interleaved sound (a mixer's further inputs are other sources)
std::vector<float> mix_to_mono(std::span<const float> interleaved, int channels);

}  // namespace ombra::audio
