#pragma once
// What the operator asks for by a key or on the desk that is no parameter; the session does it. Thread: one owner (the
// show's).

#include "show/live/displays.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace ombra::show {

struct DeskActions {
  bool quit = false, toggle_fullscreen = false, refresh_inputs = false;
  bool type_tempo = false, refresh_midi = false;
  std::optional<std::string> open_input, open_midi;
  std::optional<std::string> save_preset, load_preset;  // names
  bool replace_preset = false;                          // the one that is saved may stand in the place of another
  std::optional<std::string> delete_preset;             // name
  std::optional<std::string> stream_to;                 // an address
  bool swap_outputs = false;                            // desk and picture change places
  bool identify = false;                                // every display shows its number
  std::optional<Display> open_output;                   // the picture fills this display, too
  std::optional<std::size_t> close_output;              // number of the output
  bool locked_key = false;                              // something was asked for that the lock keeps from the show
};

}  // namespace ombra::show
