#pragma once
// Presets and the session: every parameter by path and the modulation table, as TOML that people can edit.
//   version = 2
//   [dancer]
//   temperature = 0.8
//   [[modulation]]
//   source = "level"
//   amount = 0.3
//   to = "dancer/temperature"
//   [style]                     # whole: those that are not in it are 0
//   hip_hop = 0.5
//   [keys]                      # the session alone
//   blackout = "X"
// Without a version, or in version 1, a modulation table lacks the rows of the light, and gains them.
// A key that is not known or a value of the wrong type is reported and left out; a file that is not TOML is an Error
// with file and line, and then nothing has changed. Thread: one owner (the show's).

#include "show/params/decoder_times.hpp"
#include "show/params/key_rows.hpp"
#include "show/params/modulation.hpp"
#include "show/params/params.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ombra::show {

// What the session keeps beside the parameters.
struct Machine {
  std::string input = {};    // name of the sound input, "" = the default
  std::string midi = {};     // name of the MIDI input, "" = none
  std::string display = {};  // name of the display of the window, "" = the desktop's choice
  bool fullscreen = false;
  std::string record_folder = {};           // "" = the desktop's folder for videos
  std::string stream = {};                  // address that the show is sent to, with its key; "" = none
  std::string camera = {};                  // video device that it is written to, "" = the first
  std::vector<DecoderTimes> decoders = {};  // what decoding took, by renderer and model
  std::vector<KeyRow> keys = {};            // as they are written in the file, mistakes too
  bool operator==(const Machine&) const = default;
};

// -> the text of a preset; transient and unsaved parameters are left out, and empty texts: to load a preset that has no
// title leaves the one that is there. machine: may be null
std::string write_preset(const Params& params, const Modulation& modulation, const Machine* machine = nullptr);

// Reads text into params, modulation (when the text has a table) and machine (when not null).
// name: for messages. -> remarks for the operator, at most 20. Throws Error with name and line when the text is not
// TOML.
std::vector<std::string> read_preset(std::string_view text, const std::string& name, Params& params,
                                     Modulation& modulation, Machine* machine = nullptr);

// The same from a file of at most 256 KiB. Throws Error when it cannot be read.
std::vector<std::string> load_preset(const std::filesystem::path& path, Params& params, Modulation& modulation,
                                     Machine* machine = nullptr);

// -> $XDG_STATE_HOME/ombra/session.toml, or below ~/.local/state; empty when there is no home
std::filesystem::path session_path();
// -> what the last session keeps beside its parameters; defaults when there was none or it cannot be read
Machine remembered_machine();
// Makes the folder when needed. A file with the address of a stream is the user's alone. Throws Error.
void save_preset(const std::filesystem::path& path, const Params& params, const Modulation& modulation,
                 const Machine* machine = nullptr);

}  // namespace ombra::show
