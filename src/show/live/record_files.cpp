#include "show/live/record_files.hpp"

#include "core/error.hpp"
#include "core/new_file.hpp"
#include "core/outputs.hpp"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <string>
#include <system_error>

namespace ombra::show {
namespace {

namespace fs = std::filesystem;

// XDG_VIDEOS_DIR="$HOME/Videos", as xdg-user-dirs writes it.
fs::path desktop_videos(const fs::path& home) {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  std::ifstream file((config && *config == '/' ? fs::path(config) : home / ".config") / "user-dirs.dirs");
  const std::string key = "XDG_VIDEOS_DIR=\"", start = "$HOME/";
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key) || line.size() < key.size() + 1) continue;
    std::string value = line.substr(key.size(), line.find('"', key.size()) - key.size());
    if (value.starts_with(start)) return home / value.substr(start.size());
    if (value.starts_with('/')) return value;
  }
  return {};
}

}  // namespace

fs::path videos_folder() {
  const char* home = std::getenv("HOME");
  if (!home || *home != '/') return fs::current_path();
  const fs::path desktop = desktop_videos(home);
  return desktop.empty() ? fs::path(home) / "Videos" : desktop;
}

fs::path dated_recording(const fs::path& folder, media::VideoKind kind, std::time_t time) {
  std::tm local{};
  ::localtime_r(&time, &local);
  std::array<char, 64> name{};
  std::strftime(name.data(), name.size(), "Ombra %Y-%m-%d %H.%M.%S", &local);
  return free_path(folder / (std::string(name.data()) + media::ending_of(kind)));
}

fs::path asked_recording(const fs::path& name, bool overwrite, media::VideoKind& kind) {
  const auto by_name = media::kind_of(name);
  if (!by_name) {
    throw UsageError(
        fmt::format("{}: cannot record this kind of file\nhint: .mp4, .mkv, .mov (ProRes), .gif, or .png "
                    "for a folder of numbered pictures",
                    name.string()));
  }
  fs::path path = name;
  if (*by_name == media::VideoKind::kPng) {
    path.replace_extension();
    kind = *by_name;
  } else if (name.extension() != media::ending_of(kind)) {
    kind = *by_name;
  }
  if (*by_name == media::VideoKind::kPng) {
    claim_numbered(media::numbered(path));
  } else {
    claim(path);
  }
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    throw error("{}: no such folder\nhint: make it first, or choose another", folder.string());
  }
  if (::access(folder.c_str(), W_OK) != 0) {
    throw error("{}: this folder cannot be written\nhint: choose another", folder.string());
  }
  if (fs::exists(path, ignored) && !overwrite) {
    throw error("{}: exists already\nhint: --overwrite replaces it", path.string());
  }
  return path;
}

}  // namespace ombra::show
