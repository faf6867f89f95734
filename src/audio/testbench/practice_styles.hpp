#pragma once
// The styles of the practice music as data: how fast, how many beats a bar, and which instruments play which patterns.
// Thread: any (constant tables).

#include "audio/testbench/practice_sounds.hpp"

#include <string_view>
#include <vector>

namespace ombra::audio {

// One instrument's part. A pattern is a bar (or several), one letter a step: X loud, x normal, o soft, . nothing.
struct PracticeLane {
  Instrument instrument = Instrument::kKick;
  double level = 1.0;
  std::vector<const char*> patterns;  // one is chosen by the seed
  double length_steps = 1.0;
  bool steady = true;  // false: rests now and then for four bars
};

struct PracticeStyle {
  std::string_view name;
  double slow_bpm = 120.0, fast_bpm = 120.0;
  int beats_per_bar = 4, steps_per_beat = 4;
  double swing = 0.0;       // how late every second step is, in steps
  double jitter_s = 0.003;  // standard deviation of every note's time
  std::vector<PracticeLane> lanes;
};

// Throws Error when there is no such style.
const PracticeStyle& practice_style(std::string_view name);

}  // namespace ombra::audio
