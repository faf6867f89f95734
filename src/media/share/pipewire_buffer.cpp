#include "media/share/pipewire_buffer.hpp"

#include "core/text.hpp"

#include <cerrno>
#include <cstring>

namespace ombra::media {

bool fill_buffer(std::span<const std::uint8_t> rgba, int width, int height, bool blue_first, spa_buffer& buffer) {
  if (buffer.n_datas == 0 || buffer.datas[0].chunk == nullptr) return false;
  const spa_data& data = buffer.datas[0];
  const std::size_t bytes = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4;
  const bool fits = data.data != nullptr && data.maxsize >= bytes && rgba.size() >= bytes;
  data.chunk->offset = 0;
  data.chunk->stride = 4 * width;
  data.chunk->size = fits ? static_cast<std::uint32_t>(bytes) : 0;
  if (!fits) return false;
  auto* to = static_cast<std::uint8_t*>(data.data);
  if (!blue_first) {
    std::memcpy(to, rgba.data(), bytes);
    return true;
  }
  for (std::size_t i = 0; i < bytes; i += 4) {
    to[i] = rgba[i + 2], to[i + 1] = rgba[i + 1], to[i + 2] = rgba[i], to[i + 3] = 255;
  }
  return true;
}

std::string pipewire_fault(int code, const char* words) {
  if (code == -EPIPE) return "it has gone";
  if (words != nullptr && words[0] != '\0') return printable(words);
  return code < 0 ? std::strerror(-code) : "it does not say why";
}

}  // namespace ombra::media
