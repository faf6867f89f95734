#include "show/preset_shelf.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace ombra::show {

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
  std::string clean;
  for (const char c : name) {
    const bool good = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == ' ' || c == '-' || c == '_';
    if (good && clean.size() < 60 && !(clean.empty() && c == ' ')) clean += c;
  }
  while (!clean.empty() && clean.back() == ' ') clean.pop_back();
  if (clean.empty()) throw UsageError("a preset needs a name of letters or digits");
  const std::filesystem::path folder = preset_folder();
  if (folder.empty()) throw UsageError("presets have no place\nhint: set HOME");
  return folder / (clean + ".toml");
}

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  std::error_code fault;
  for (std::filesystem::directory_iterator at(preset_folder(), fault), end; !fault && at != end; at.increment(fault)) {
    if (at->path().extension() == ".toml" && names.size() < 200) names.push_back(at->path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace ombra::show
