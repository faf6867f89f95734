#pragma once
// The plain values that cross module borders: what was heard, where the beat is, what is to be drawn.
// Thread: any (values).

#include <cmath>
#include <cstdint>
#include <vector>

namespace ombra {

inline constexpr int kMaxDancers = 16;  // on the floor at once

// A line through time and beats: beat_at(t) counts beats from an arbitrary one, whole numbers on the beats. The count
// never jumps when the beginning of the bar is found: `downbeat` says which of the beats begin one.
struct BeatGrid {
  double anchor_s = 0.0;     // a time on the clock of core/clock.hpp ...
  double anchor_beat = 0.0;  // ... and the beat count there
  double bpm = 110.0;
  float confidence = 0.0f;  // 0: free-running, nothing heard; 1: certain
  // Bars begin on the beats downbeat + k * beats_per_bar, for every whole k.
  double downbeat = 0.0;
  int beats_per_bar = 4;
  float bar_confidence = 0.0f;  // 0: the beginning of the bar is a guess; 1: certain

  double beat_at(double time_s) const { return anchor_beat + (time_s - anchor_s) * bpm / 60.0; }
  double time_of(double beat) const { return anchor_s + (beat - anchor_beat) * 60.0 / bpm; }
  // -> beats since the bar began, 0 .. beats_per_bar (exclusive)
  double place_in_bar(double beat) const {
    const double bars = (beat - downbeat) / beats_per_bar;
    return (bars - std::floor(bars)) * beats_per_bar;
  }
};

// What the music as a whole is doing (audio/beat/sections.hpp, phrases.hpp). 0..1 unless said.
struct MusicalForm {
  float calm = 0.0f;    // a break: drums or bass are gone while the music goes on
  float build = 0.0f;   // a build-up: attacks come closer and brighter
  float change = 0.0f;  // 1 where a section begins, decays in 1 s
  float ahead = 0.0f;   // how surely one begins with the next beat
  std::uint64_t change_count = 0;
  // Phrases begin on the beats phrase + k * phrase_bars * beats_per_bar; phrase_bars: 4 or 8, 0: not known.
  double phrase = 0.0;
  int phrase_bars = 0;
  float phrase_confidence = 0.0f;
};

// What one hop of sound was like. All strengths are 0..1 after automatic gain unless said.
struct AudioFrame {
  double time_s = 0.0;  // clock time at which the hop's last sample was heard
  float level = 0.0f;   // loudness
  float bass = 0.0f;    // below 150 Hz
  float mid = 0.0f;     // 150 Hz to 2 kHz
  float treble = 0.0f;  // above 2 kHz
  float onset = 0.0f;   // onset envelope: jumps to its strength at an onset and decays within 200 ms
  float flux = 0.0f;    // spectral flux of this hop
  float drop = 0.0f;    // 1 in the hop in which a drop is found (bass returns after a quiet passage), decays in 1 s
  float input_dbfs = -120.0f;  // RMS before the gain
  float gain_db = 0.0f;
  bool silent = true;
  bool clipping = false;
  std::uint64_t onset_count = 0;  // onsets so far: no reader misses one
  std::uint64_t drop_count = 0;
  BeatGrid grid;
  MusicalForm form;
};

// Signed distance fields of all dancers, one picture each: positive outside, in units of the picture's height.
// The picture is square and kPictureMetres high and wide; the floor is kFloorMetres above its lower edge.
struct FieldImage {
  int dancers = 0, size = 0;    // each picture is size x size samples
  std::vector<float> distance;  // [dancers][row, top first][column], in fractions of the picture's height
  double seen_s = 0.0;          // the clock time that it was made for
};
inline constexpr double kPictureMetres = 2.4;
inline constexpr double kFloorMetres = 0.12;

// Latent vectors of all dancers at one moment: what a decoder on the GPU makes fields of.
struct LatentFrame {
  std::uint64_t dancer = 0;    // number of the model that they belong to (show/dance/dance_thread.hpp)
  int dancers = 0, size = 0;   // of the field that is wanted, as in FieldImage
  std::vector<float> latents;  // [dancers][numbers of the model]
  double seen_s = 0.0;         // the clock time that they are meant for
};

}  // namespace ombra
