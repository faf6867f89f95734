#pragma once
// The operator's presets: one TOML file each in $XDG_CONFIG_HOME/ombra/presets (or ~/.config/ombra/presets).
// Thread: any.

#include <filesystem>
#include <string>
#include <vector>

namespace ombra::show {

// -> the folder; empty when there is no home
std::filesystem::path preset_folder();
// -> the file for a name that the operator typed: letters, digits, space, - and _ are kept, at most 60.
// Throws UsageError when nothing is left of it.
std::filesystem::path preset_file(const std::string& name);
// -> names, sorted, at most 200
std::vector<std::string> preset_names();

}  // namespace ombra::show
