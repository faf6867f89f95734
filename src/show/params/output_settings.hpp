#pragma once
// What is kept of each display that the picture was shown on, as TOML beside the session:
//   [[output]]
//   display = "EPSON EB-L200F"
//   connector = "HDMI-1"
//   on = true
//   corners = [[0.01, 0.0], [0.98, 0.02], [1.0, 1.0], [0.0, 0.97]]
// What is left out is as without a mapping. Values that are wrong are reported and left out. Thread: one owner.

#include "stage/mapping.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ombra::show {

inline constexpr std::size_t kMaxOutputSettings = 32;

struct OutputSettings {
  std::string display = {};    // its name, as the desktop says it
  std::string connector = {};  // "HDMI-1", "" where the desktop does not say
  int x = 0, y = 0;            // on the desktop
  bool on = false;             // the picture was on it
  stage::Mapping mapping = {};
  bool operator==(const OutputSettings&) const = default;
};

// A display whose settings are looked for.
struct DisplayPlace {
  std::string_view name, connector;
  int x = 0, y = 0;
  bool twin = false;  // another one of that name is connected: then the connector, or else the place, must fit, too
};

// -> those of that display; of several the one that fits best; null: there are none
const OutputSettings* find_output(std::span<const OutputSettings> all, const DisplayPlace& display);
// Puts them in the place of those of that display, or last. Where there are too many the first give way.
// twin: as in DisplayPlace
void keep_output(std::vector<OutputSettings>& all, OutputSettings settings, bool twin = false);

std::string write_outputs(std::span<const OutputSettings> all);
// name: for remarks ("name:line: ..."), which are added to `remarks`, twenty at most. -> sane mappings
// Throws Error with name and line where the text is not TOML.
std::vector<OutputSettings> read_outputs(std::string_view text, const std::string& name,
                                         std::vector<std::string>& remarks);

// -> outputs.toml beside the session (presets.hpp); empty when there is no home
std::filesystem::path outputs_path();
// The same from a file of at most 2 MiB; none where there is no file. Throws Error.
std::vector<OutputSettings> load_outputs(const std::filesystem::path& path, std::vector<std::string>& remarks);
// Makes the folder when needed. Throws Error.
void save_outputs(const std::filesystem::path& path, std::span<const OutputSettings> all);

}  // namespace ombra::show
