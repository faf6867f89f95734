#pragma once
// The dance's own clock: the beat of the music times the speed (half, normal, double), never backwards, never a leap.
// When the beat tracker renumbers or corrects its beats or the speed changes, the dance keeps its place: only the
// distance to the nearest beat is made up, within about a beat, and a new tempo is reached over a fraction of one. So
// dance beats fall on beats of the music, whatever happens, and bars of the dance begin with bars of the music.
// A beat that is not believed is not claimed: the dance flows on in its tempo, and chases nothing.
// Thread: one owner (the dance thread).

#include "core/frames.hpp"
#include "model/dancers/generator.hpp"

namespace ombra::show {

// Half, normal or double time for a tempo, so that the dance stays between 77 and 158 beats a minute: faster music
// is danced in half time, slower music in double time. It keeps its choice while that fits.
class SpeedChoice {
 public:
  // -> 0.5, 1 or 2 dance beats per beat of the music
  double choose(double bpm);

 private:
  double speed_ = 1.0;
};

class DanceClock {
 public:
  // -> the dance's time, beat and bar when the music's clock says time_s. Times that run backwards count as standing
  // still. speed: dance beats per beat of the music; 0: as SpeedChoice says
  model::Timestamp at(double time_s, const BeatGrid& grid, double speed);
  // -> 0..1: how far the dance claims the beat: follows the grid's confidence within about a second
  double claimed() const { return claimed_; }
  // -> the controls with which to pull at that time: no stop is bent onto a beat that is not claimed
  model::DanceControls claimed(model::DanceControls controls) const {
    controls.tightness *= static_cast<float>(claimed_);
    return controls;
  }

 private:
  void keep_bar(const BeatGrid& grid, double speed);

  SpeedChoice choice_;
  bool started_ = false;
  double time_s_ = 0.0, speed_ = 1.0;
  double rate_ = 0.0;  // dance beats a second
  double claimed_ = 0.0;
  // dance beat = speed * music beat + offset; a whole number of the steps that keep the beat
  double offset_beats_ = 0.0;
  model::Timestamp timestamp_;
};

}  // namespace ombra::show
