#pragma once
// Music as notes: MIDI messages, how fast they are played, and where the beats are. Thread: any.

#include "audio/material/beat_marks.hpp"
#include "audio/material/midi_file.hpp"

#include <span>
#include <vector>

namespace ombra::audio {

// in_bar and beats_per_bar as in BeatMark
struct ScoreBeat {
  double at = 0.0;  // quarters
  int in_bar = 0, beats_per_bar = 0;
};

struct Score {
  std::vector<MidiMessage> messages;  // at in quarters
  std::vector<MidiTempo> tempi;
  std::vector<ScoreBeat> beats;
};

// From quarters to seconds, factor times as fast as the tempi say.
class TempoMap {
 public:
  TempoMap(std::span<const MidiTempo> tempi, double factor);
  double seconds(double quarter) const;

 private:
  struct Stretch {
    double at, start_s, quarter_s;
  };
  std::vector<Stretch> stretches_;
};

// The beats that people count: quarters, halves in bars of halves (or where quarters would be faster than 200 a
// minute), dotted quarters in 6/8, 9/8 and 12/8. quarter_s: usual length of a quarter. Bars are known where they have
// 2, 3 or 4 beats. No metres: quarters without bars. Nothing where beats cannot be told (5/8, 7/16).
std::vector<ScoreBeat> beats_of(std::span<const MidiMetre> metres, double quarters, double quarter_s);

// -> the share of notes that lie near a sixteenth or near a triplet of the quarters: by chance 0.3
double share_on_grid(std::span<const MidiMessage> messages);

// -> beats a minute: the median over the score, played factor times as fast
double usual_bpm(const Score& score, double factor);

// Everything but the drums, so many semitones higher.
void transpose(Score& score, int semitones);

// A part of a score in seconds from its own beginning.
struct Excerpt {
  std::vector<MidiMessage> messages;  // at in seconds; first what was set before
  std::vector<BeatMark> beats;        // one before it, if there is one, and one behind it
  double seconds = 0.0;
};
// factor: how much faster than its tempi the score is played; beats need at least one in the score
Excerpt excerpt(const Score& score, double factor, double from_s, double seconds);

}  // namespace ombra::audio
