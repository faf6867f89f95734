#pragma once
// Where the beats are in a dance: in its music, or, when it comes without, in the stops of the movement.
// People place the end of a movement (a stop, the lowest point) on the beat, never its start.
// Thread: any.

#include "footage/motion/motion.hpp"

#include <span>
#include <string>
#include <vector>

namespace ombra::train {

// How well the stops of the movement fall on beats: mean over beats of exp(-d^2 / 2 (0.1 s)^2), d the distance to the
// nearest stop; shifted: the same for beats moved by 0.2, 0.4, 0.6 and 0.8 of a beat (the control).
struct Alignment {
  double on_beat = 0.0, shifted = 0.0;
  double gap() const { return on_beat - shifted; }
};

struct Pulse {
  std::vector<double> beats;  // frames on which a beat falls; empty: no pulse found
  // Number of the first of them. Phrases begin on multiples of eight where they are known; else dancers mark every
  // other beat, and even ones are the marked.
  int first_count = 0;
  double phrase_confidence = 0.0;       // 0..1: how sure it is which beats begin a phrase (phrases.hpp)
  std::vector<double> beat_confidence;  // one a beat, 0..1: how clearly the movement is on the beat around there
  double bpm = 0.0;                     // mean tempo
  double spread = 0.0;                  // standard deviation of the beat lengths over their mean
  Alignment alignment;
  double confidence = 0.0;  // 0..1, from the gap of the alignment, or that of the listener to the soundtrack
  std::string source;       // "exact tempo", "soundtrack", "motion" or "none"

  // -> the beat count at a frame, continued evenly beyond both ends and >= 0 from frame 0 on; NaN without a pulse.
  double beat_at(double frame) const;
  // -> `beat_confidence` at a frame; 0 without a pulse
  double beat_confidence_at(double frame) const;
};

// How much a speed is smoothed (Gaussian, sigma) before stops are looked for in it.
inline constexpr double kStopSmoothingS = 0.05;

// Strength of a stop at each frame: how far the smoothed speed dips below its surroundings, at its minima only.
std::vector<double> salience(std::span<const double> speed, double fps);

// Beat positions in frames by dynamic programming (Ellis, "Beat tracking by dynamic programming", 2007).
// tightness: how much a beat of another length than `period` costs.
std::vector<double> beat_times(std::span<const double> salience, double period, double tightness);

// beats: frames on which they fall. bpm: distances are as long as if the dance were played at this tempo; 0: as it is.
Alignment alignment(std::span<const double> speed, double fps, std::span<const double> beats, double bpm = 120.0);
// The same of each beat alone. A stop: a dip of the speed that is slower than most of the dance.
std::vector<Alignment> alignment_by_beat(std::span<const double> speed, double fps, std::span<const double> beats,
                                         double bpm = 120.0, double smoothing_s = kStopSmoothingS);

// The pulse of one dance seen from one or more sides (the same frames each). exact_bpm > 0 fixes the tempo; else 76 to
// 148 BPM are tried and the best kept: a large gap in alignment, even beats, a tempo near 112. A take with an exact
// tempo begins with a phrase; first: its frame at which the views begin.
Pulse find_pulse(std::span<const std::vector<Pose2>> views, double fps, double exact_bpm, double first = 0.0);

// The same of a dance of which only the speed is known, frame by frame and in any unit.
Pulse find_pulse_of_speed(std::span<const double> speed, double fps, double exact_bpm);

// The pulse of a dance to these beats, in frames, as they were heard with this confidence. Source "none" when fewer
// than five of them fall into the dance.
Pulse pulse_of_sound(std::span<const std::vector<Pose2>> views, double fps, std::span<const double> beats,
                     double confidence);
Pulse pulse_of_sound(std::span<const double> speed, double fps, std::span<const double> beats, double confidence);

}  // namespace ombra::train
