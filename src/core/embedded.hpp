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

// -> the folder that holds models/, assets/ and shaders/: the first of $OMBRA_DATA, <prefix>/share/ombra, the folders
// above the program (the source tree) and the current folder that has models/ and shaders/. Throws Error when none has.
std::filesystem::path data_folder();

}  // namespace ombra
