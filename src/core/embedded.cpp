#include "core/embedded.hpp"

#include "core/error.hpp"

#include <cstdlib>
#include <vector>

namespace ombra {

std::string embedded_text(std::span<const EmbeddedFile> files, std::string_view name) {
  for (const EmbeddedFile& file : files) {
    if (file.name == name) return std::string(file.text);
  }
  throw error("{} is not part of this program\nhint: list it in the CMakeLists.txt of what uses it", name);
}

std::filesystem::path data_folder() {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  std::vector<fs::path> places;
  if (const char* given = std::getenv("OMBRA_DATA")) places.emplace_back(given);
  if (!program.empty()) {
    places.push_back(program.parent_path() / "../share/ombra");
    for (fs::path up = program.parent_path(); up.has_relative_path(); up = up.parent_path()) places.push_back(up);
  }
  places.push_back(fs::current_path(ignored));
  for (const fs::path& place : places) {
    if (fs::is_directory(place / "models", ignored) && fs::is_directory(place / "shaders", ignored)) {
      return fs::weakly_canonical(place);
    }
  }
  throw error(
      "the folders models/ and shaders/ were found nowhere near {}\nhint: set OMBRA_DATA to the folder that holds them",
      program.string());
}

}  // namespace ombra
