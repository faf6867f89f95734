#pragma once
// The one list of what the show can listen to: what this computer plays (monitors of its outputs) first, then
// microphones and interfaces; the show adds files. A sound server's inputs are taken from the server, the rest from
// PortAudio, and an input that both know is listed once. Thread: any.

#include <optional>
#include <string>
#include <vector>

namespace ombra::audio {

enum class InputKind { kMonitor, kInput, kTrack };
enum class InputSystem { kPulse, kPortAudio, kFile };

struct InputDevice {
  int number = 0;                        // place in the list, from 1
  std::string name = {}, host_api = {};  // names are unique: the input is remembered by its name
  std::string id = {};                   // as its system calls it: name of a Pulse source, PortAudio's number, a path
  InputKind kind = InputKind::kInput;
  InputSystem system = InputSystem::kPortAudio;
  int channels = 0;
  std::string layout = {};  // the server's name for each channel: "front-left,front-right", "aux0,aux1,aux2,aux3"
  double default_rate_hz = 0.0;
  int card = -1;            // ALSA's number of the card, -1: unknown
  bool standard = false;    // its system's default input or output
  bool demanded = false;    // the environment names it: PULSE_SOURCE
  bool playing = false;     // a monitor: something is played through its output now
  bool available = true;    // false: nothing is plugged into it
  bool again = false;       // another way to an input of the list: not shown, found by name or number
  bool is_default = false;  // what is taken when nothing is asked for; see mark_default
};

// -> all inputs of this machine. Never throws: an unusable sound system gives an empty list. Takes up to a second, or
// five where a sound system does not answer; then trouble (may be null) says so in plain words, else it is emptied.
std::vector<InputDevice> list_inputs(std::string* trouble = nullptr);

// The list that list_inputs gives, from what a sound server (empty: there is none) and PortAudio know.
// pipewire: the server is PipeWire, so JACK's devices are its own once more.
std::vector<InputDevice> merge_inputs(std::vector<InputDevice> pulse, std::vector<InputDevice> port, bool pipewire);

// Marks the input that is taken when nothing is asked for: the one that the environment demands; else the monitor of an
// output on which something plays; else the system's microphone, or any. At most one; none when there is nothing but
// silent monitors.
void mark_default(std::vector<InputDevice>& inputs);

// text: "" = the default, a number, a name, or a part of a name (case-insensitive). -> nothing when there is none
std::optional<InputDevice> choose_input(const std::vector<InputDevice>& inputs, const std::string& text);

}  // namespace ombra::audio
