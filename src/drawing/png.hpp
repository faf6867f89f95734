#pragma once
// Pictures written as PNG files.
// Thread: any.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace ombra {

// pixels: [height, top first][width][channels], 8 bits each; channels 1 (gray), 2 (gray, alpha), 3 (RGB) or 4 (RGBA).
// comment: kept in the file as text of its own, unless empty. Written whole or not at all. Throws Error when the size
// does not fit the pixels or the file cannot be written.
void write_png(const std::filesystem::path& path, int width, int height, int channels,
               std::span<const std::uint8_t> pixels, std::string_view comment = {});

}  // namespace ombra
