#include "core/png.hpp"

#include "core/error.hpp"
#include "core/file.hpp"

#include <stb_image_write.h>

#include <cstdio>

namespace ombra {

void write_png(const std::filesystem::path& path, int width, int height, int channels,
               std::span<const std::uint8_t> pixels) {
  constexpr int kMaxSide = 32768;  // stb counts bytes in an int
  const bool sized =
      width > 0 && height > 0 && width <= kMaxSide && height <= kMaxSide && channels >= 1 && channels <= 4;
  const std::int64_t needed = sized ? std::int64_t{width} * height * channels : -1;
  if (needed < 0 || needed > (std::int64_t{1} << 30) || needed != static_cast<std::int64_t>(pixels.size())) {
    throw error("{}: {} bytes are no picture of {} x {} with {} channels\nhint: at most {} pixels a side",
                path.string(), pixels.size(), width, height, channels, kMaxSide);
  }
  write_atomically(path, [&](std::FILE* file) {
    const auto append = [](void* context, void* data, int size) {
      std::fwrite(data, 1, static_cast<std::size_t>(size), static_cast<std::FILE*>(context));
    };
    if (stbi_write_png_to_func(append, file, width, height, channels, pixels.data(), width * channels) == 0) {
      throw error("{}: PNG compression failed\nhint: is there memory left?", path.string());
    }
  });
}

}  // namespace ombra
