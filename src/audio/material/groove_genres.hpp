#pragma once
// The genres of grooves as data: how fast they are, which drums strike on which steps, and what keeps time.
// Thread: any (constant tables).

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ombra::audio {

// A step's letter: how likely the drum strikes there, in tenths; #: always, '.': never.
struct GrooveLane {
  std::uint8_t note = 0;
  double level = 0.0;  // of velocity, 0 .. 1
  const char* chance = "";
};

struct GrooveGenre {
  std::string_view name;
  double slow_bpm, fast_bpm;
  int beats_per_bar, steps_per_beat;
  double most_swing;                 // how late every second step is at most, in steps
  std::array<GrooveLane, 5> parts;   // where there are fewer the last ones have no note
  std::span<const GrooveLane> time;  // one of them keeps time

  constexpr std::span<const GrooveLane> lanes() const {
    std::size_t count = 0;
    while (count < parts.size() && parts[count].note != 0) ++count;
    return std::span(parts).first(count);
  }
};

std::span<const GrooveGenre> groove_table();

}  // namespace ombra::audio
