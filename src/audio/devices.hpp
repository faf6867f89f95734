#pragma once
// Finding an input by what the user typed. Thread: any; needs a living PortAudio object.

#include "audio/listener.hpp"

#include <optional>
#include <string>

namespace ombra::audio {

// As list_inputs(), from the PortAudio session that is open.
std::vector<InputDevice> inputs_now();

// text: "" = the default input, a number, or a part of a name (case-insensitive). -> nothing when there is none
std::optional<InputDevice> find_input(const std::string& text);
// The same choice out of a given list.
std::optional<InputDevice> choose_input(const std::vector<InputDevice>& inputs, const std::string& text);

}  // namespace ombra::audio
