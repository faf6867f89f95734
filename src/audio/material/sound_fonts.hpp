#pragma once
// The sound fonts that this system has. Thread: any.

#include <filesystem>
#include <vector>

namespace ombra::audio {

// -> General MIDI sound fonts among those that Debian packages, in a fixed order. Throws Error that names the packages
// when there is none.
std::vector<std::filesystem::path> sound_fonts();

}  // namespace ombra::audio
