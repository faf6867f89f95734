#pragma once
// The operator's presets: one TOML file each in $XDG_CONFIG_HOME/ombra/presets (or ~/.config/ombra/presets).
// Thread: any.

#include <filesystem>
#include <string>
#include <vector>

namespace ombra::show {

// -> the folder; empty when there is no home
std::filesystem::path preset_folder();
// -> the file for a name, which is kept as it is. Throws UsageError for what no file can be called: nothing, "." and
// "..", with a / or a NUL in it, longer than 250 bytes.
std::filesystem::path preset_file(const std::string& name);
// -> what --preset means: a file, else a preset by its name, with or without ".toml"; a path at which nothing is comes
// back as it is. Throws UsageError where a name is neither.
std::filesystem::path find_preset(const std::filesystem::path& wanted);
// Throws UsageError as preset_file() does, and Error where its file cannot be deleted.
void delete_preset(const std::string& name);
// -> names, sorted, at most 2000
std::vector<std::string> preset_names();

}  // namespace ombra::show
