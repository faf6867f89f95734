#pragma once
// The instruments of the practice music: drums, basses, chords and a bell, drawn with sines and noise. Two kits of
// different seeds differ in pitch, length, colour and loudness.
// Thread: any; one owner.

#include "core/rng.hpp"

#include <cstdint>
#include <vector>

namespace ombra::audio {

enum class Instrument {
  kKick,
  kSoftKick,
  kSnare,
  kBrush,
  kClap,
  kRim,
  kHat,
  kOpenHat,
  kShaker,
  kRide,
  kCrash,
  kTom,
  kConga,
  kBass,
  kReese,
  kStab,
  kPiano,
  kPad,
  kPluck,
  kVoice
};

// What is to be played where.
struct Note {
  Instrument instrument = Instrument::kKick;
  double time_s = 0.0;
  double velocity = 1.0;   // 0 .. 1
  double hz = 55.0;        // of the lowest tone, for pitched instruments
  double length_s = 0.25;  // until it is let go
};

class PracticeKit {
 public:
  PracticeKit(int rate_hz, std::uint64_t seed);

  // Adds the note to sound; what lies outside is cut off.
  void play(const Note& note, std::vector<float>& sound);

 private:
  struct Tone {  // of drums with a skin
    double hz = 50.0, drop_hz = 100.0, drop_s = 0.03, decay_s = 0.1, click = 0.3;
  };
  void skin(const Note& note, const Tone& tone, double gain, std::vector<float>& sound);
  // Noise between low_hz and high_hz (both 6 dB an octave, twice).
  void hiss(double time_s, double gain, double decay_s, double low_hz, double high_hz, std::vector<float>& sound);
  // Harmonics of hz up to bright_hz, let go after length_s.
  void strings(double time_s, double gain, double hz, double length_s, double attack_s, double decay_s,
               double bright_hz, std::vector<float>& sound);
  void chord(const Note& note, double gain, double attack_s, double decay_s, double bright_hz,
             std::vector<float>& sound);

  // immutable after construction
  int rate_hz_;
  Tone kick_, soft_kick_, tom_, conga_, snare_;
  double snare_hiss_s_, snare_low_hz_, hat_low_hz_, hat_s_, open_hat_s_, ride_hz_, bright_;
  bool minor_;
  // state
  Rng rng_;
};

}  // namespace ombra::audio
