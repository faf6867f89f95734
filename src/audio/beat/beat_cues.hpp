#pragma once
// What tells one beat of the bar from another, beat by beat: where in the beat bass drum, snare and hats strike, how
// full it is, and how much the notes and the colour of the sound change with it (Goto 2001; Davies and Plumbley 2006:
// spectral difference between beats), against one beat before and over the longer spans at which chords, riffs and
// phrases change.
// Thread: one owner; no allocation after construction.

#include "audio/beat/features.hpp"
#include "audio/beat/harmony.hpp"
#include "core/frames.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace ombra::audio {

// The cues, each against its own mean of the last beats.
enum Cue : std::size_t {
  kBassOn,         // strikes on the beat, 0 .. 1 ...
  kMidOn,          //
  kTrebleOn,       //
  kBassBetween,    // ... and half a beat later
  kMidBetween,     //
  kSnare,          // middle and treble on the beat, without bass
  kBassLevel,      // means over the beat
  kMidLevel,       //
  kTrebleLevel,    // a crash, open hats
  kBassChange1,    // bass notes: this beat against the one before ...
  kBassChange2,    // ... these two against two, and so on
  kBassChange3,    //
  kBassChange4,    //
  kChordChange1,   // notes above the bass
  kChordChange2,   //
  kChordChange3,   //
  kChordChange4,   //
  kRhythmChange4,  // strikes and levels
  kRhythmChange8,  // phrases begin
  kThree,          // this beat is more like the one three ago than like the one four ago
  kCues
};
// How many beats before the newest the beat is that the cue is about.
int lag_of(std::size_t cue);

class BeatCues {
 public:
  using Cues = std::array<float, kCues>;

  explicit BeatCues(int rate_hz);

  // One hop that ended at time_s and its features; the grid is the one of that time. -> has a beat ended?
  bool push(std::span<const float> mono, const HopFeatures& hop, const BeatGrid& grid, double time_s, double delay_s,
            bool heard);
  // Of the beat that ended last: its number, whether it was heard, and the cues that are complete with it.
  std::int64_t beat() const { return beat_; }
  bool heard() const { return heard_; }
  const Cues& cues() const { return cues_; }
  // The beats so far are no longer compared with those to come.
  void forget();

 private:
  static constexpr std::size_t kRemembered = 32;
  static constexpr std::size_t kSubs = 4;               // sixteenths of a beat
  static constexpr std::size_t kShape = 3 * kSubs + 3;  // strikes and levels
  struct Beat {
    std::int64_t number = -1;
    int hops = 0, heard_hops = 0, spectra = 0;
    std::array<float, kShape> shape{};
    Harmony::Notes notes{};
  };
  Beat& at(std::int64_t number) { return beats_[static_cast<std::size_t>(number) % kRemembered]; }
  Beat& open(std::int64_t number);
  void finish(std::int64_t number);
  float change(std::int64_t number, int span, std::size_t first, std::size_t last);
  float other_rhythm(std::int64_t number, int span);

  Harmony harmony_;
  std::array<Beat, kRemembered> beats_{};
  std::int64_t newest_ = -1, beat_ = -1, since_ = 0;  // since_: the first beat that may be compared
  bool heard_ = false;
  Cues cues_{}, mean_{};
  std::array<int, kCues> counted_{};
};

}  // namespace ombra::audio
