#include "show/params/preset_shelf.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace ombra::show {
namespace {

constexpr std::size_t kLongestName = 255;  // of a file, in bytes, on Linux
constexpr std::size_t kMaxNames = 2000, kShownNames = 12;
constexpr std::string_view kEnding = ".toml";

}  // namespace

std::filesystem::path preset_folder() {
  if (const char* config = std::getenv("XDG_CONFIG_HOME"); config && *config == '/') {
    return std::filesystem::path(config) / "ombra" / "presets";
  }
  if (const char* home = std::getenv("HOME"); home && *home == '/') {
    return std::filesystem::path(home) / ".config" / "ombra" / "presets";
  }
  return {};
}

std::filesystem::path preset_file(const std::string& name) {
  const bool apart = name.find('/') != std::string::npos || name.find('\0') != std::string::npos;
  if (name.empty() || name == "." || name == ".." || apart)
    throw UsageError("this is not a valid preset name\nhint: use a file name, without /");
  if (name.size() + kEnding.size() > kLongestName)
    throw UsageError(fmt::format("{} bytes are too long for the name of a preset\nhint: {} at most", name.size(),
                                 kLongestName - kEnding.size()));
  const std::filesystem::path folder = preset_folder();
  if (folder.empty()) throw UsageError("there is no folder for presets\nhint: set HOME");
  return folder / (name + std::string(kEnding));
}

std::filesystem::path find_preset(const std::filesystem::path& wanted) {
  std::error_code ignored;
  if (std::filesystem::exists(wanted, ignored)) return wanted;
  std::string name = wanted.string();
  for (int ending = 0; ending < 2; ++ending) {
    const bool fits = !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos;
    const std::filesystem::path file = preset_folder() / (name + std::string(kEnding));
    if (fits && std::filesystem::is_regular_file(file, ignored)) return file;
    if (!name.ends_with(kEnding)) break;
    name.resize(name.size() - kEnding.size());
  }
  if (wanted.has_parent_path()) return wanted;  // whoever reads it says what is wrong
  std::string known;
  const std::vector<std::string> names = preset_names();
  for (std::size_t i = 0; i < std::min(names.size(), kShownNames); ++i) known += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kShownNames) known += ", ...";
  throw UsageError(fmt::format("{}: neither a file nor a preset\nhint: presets lie in {}; there are: {}",
                               wanted.string(), preset_folder().string(), known.empty() ? "none" : known));
}

void delete_preset(const std::string& name) {
  std::error_code fault;
  std::filesystem::remove(preset_file(name), fault);
  if (fault) throw error("the preset {} was not deleted: {}", name, fault.message());
}

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  std::error_code fault;
  for (std::filesystem::directory_iterator at(preset_folder(), fault), end; !fault && at != end; at.increment(fault)) {
    if (at->path().extension() == kEnding && names.size() < kMaxNames) names.push_back(at->path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace ombra::show
