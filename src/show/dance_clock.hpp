#pragma once
// The dance's own clock: the beat of the music times the speed (half, normal, double), never backwards, never a leap.
// When the beat tracker renumbers its beats or the speed changes, the dance keeps its place: only the distance to the
// nearest beat is made up, within about half a second. So dance beats fall on beats of the music, whatever happens.
// Thread: one owner (the dance thread).

#include "core/frames.hpp"
#include "model/generator.hpp"

namespace ombra::show {

class DanceClock {
 public:
  // -> the dance's time and beat when the music's clock says time_s. Times that run backwards count as standing still.
  model::Moment at(double time_s, const BeatGrid& grid, double speed);

 private:
  bool started_ = false;
  double time_s_ = 0.0, speed_ = 1.0;
  double offset_beats_ =
      0.0;  // dance beat = speed * music beat + offset; a whole number of the steps that keep the beat
  model::Moment moment_;
};

}  // namespace ombra::show
