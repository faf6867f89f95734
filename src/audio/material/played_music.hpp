#pragma once
// Music as sound, and where its beats are. Thread: any (values).

#include "audio/material/beat_marks.hpp"

#include <vector>

namespace ombra::audio {

struct PlayedMusic {
  std::vector<float> sound;  // mono
  int rate_hz = 44100;
  std::vector<BeatMark> beats;    // none: there is no beat
  std::vector<double> changes_s;  // where another record takes over
  double bpm = 0.0;               // usual tempo
};

}  // namespace ombra::audio
