#include "drawing/png.hpp"

#include "core/error.hpp"
#include "core/file.hpp"

#include <stb_image_write.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace ombra {
namespace {

constexpr int kHeaderBytes = 8 + 25;  // signature and IHDR, behind which other chunks may stand

std::string number(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
  return bytes;
}

// A tEXt chunk (PNG specification, 11.3.4.3)
std::string text_chunk(std::string_view comment) {
  const std::string body = "tEXtComment" + std::string(1, '\0') + std::string(comment);
  std::uint32_t crc = 0xffffffffu;
  for (const char c : body) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0u);
  }
  return number(static_cast<std::uint32_t>(body.size() - 4)) + body + number(~crc);
}

struct Target {
  std::FILE* file;
  std::string chunk;
};

// stb hands over the whole picture at once.
void append(void* context, void* data, int size) {
  const Target& to = *static_cast<Target*>(context);
  const int head = std::min(size, kHeaderBytes);
  std::fwrite(data, 1, static_cast<std::size_t>(head), to.file);
  std::fwrite(to.chunk.data(), 1, to.chunk.size(), to.file);
  std::fwrite(static_cast<const char*>(data) + head, 1, static_cast<std::size_t>(size - head), to.file);
}

}  // namespace

void write_png(const std::filesystem::path& path, int width, int height, int channels,
               std::span<const std::uint8_t> pixels, std::string_view comment) {
  constexpr int kMaxSide = 32768;  // stb counts bytes in an int
  const bool sized =
      width > 0 && height > 0 && width <= kMaxSide && height <= kMaxSide && channels >= 1 && channels <= 4;
  const std::int64_t needed = sized ? std::int64_t{width} * height * channels : -1;
  if (needed < 0 || needed > (std::int64_t{1} << 30) || needed != static_cast<std::int64_t>(pixels.size())) {
    throw error("{}: {} bytes are not a picture of {} x {} with {} channels\nhint: at most {} pixels a side",
                path.string(), pixels.size(), width, height, channels, kMaxSide);
  }
  write_atomically(path, [&](std::FILE* file) {
    Target target{file, comment.empty() ? std::string() : text_chunk(comment)};
    if (stbi_write_png_to_func(append, &target, width, height, channels, pixels.data(), width * channels) == 0) {
      throw error("{}: PNG compression failed\nhint: is there memory left?", path.string());
    }
  });
}

}  // namespace ombra
