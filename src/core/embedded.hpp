#pragma once
// Text files compiled into the program by ombra_embed (third_party/embed.cmake), and where the installed ones lie.
// Thread: any.

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace ombra {

struct EmbeddedFile {
  std::string_view name;  // file name without folders
  std::string_view text;
};

// The text of the file of that name. Throws Error when it is none of them.
std::string embedded_text(std::span<const EmbeddedFile> files, std::string_view name);

// -> the folder that holds models/, assets/ and shaders/: $OMBRA_DATA, the source tree, or <prefix>/share/ombra.
// Throws Error when none of them has models/.
std::filesystem::path data_folder();

}  // namespace ombra
