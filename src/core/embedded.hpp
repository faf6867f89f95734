#pragma once
// Text files compiled into the program by ombra_embed (third_party/embed.cmake), and where the installed ones lie.
// Thread: any.

#include <filesystem>
#include <span>
#include <string_view>

namespace ombra {

struct EmbeddedFile {
  std::string_view name;  // file name without folders
  std::string_view text;
};

// -> the folder that holds models/, assets/ and shaders/: $OMBRA_DATA, the source tree, or <prefix>/share/ombra.
// Throws Error when none of them has models/.
std::filesystem::path data_folder();

}  // namespace ombra
