// libFuzzer target: any bytes at any time leave the MIDI clock with a line that is one, or with none.
// clang++ -fsanitize=fuzzer,address,undefined; built where CMake is given -DOMBRA_FUZZ=ON and clang.

#include "audio/clocks/midi_clock.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

// The first byte of each pair is the wait before the second: 0 to 254 ms, 255 is a second backwards.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ombra::audio::MidiClock clock;
  double now_s = 0.0;
  for (std::size_t i = 0; i + 1 < size; i += 2) {
    now_s += data[i] == 255 ? -1.0 : data[i] / 1000.0;
    clock.feed({data + i + 1, 1}, now_s);
    const auto grid = clock.grid(now_s);
    if (grid && !(std::isfinite(grid->beat_at(now_s)) && grid->bpm >= 20.0 && grid->bpm <= 400.0)) std::abort();
  }
  return 0;
}
