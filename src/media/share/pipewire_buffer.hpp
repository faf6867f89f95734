#pragma once
// What PipeWire's side of a picture is like: memory that others gave, and faults that may have no words.
// Thread: any.

#include <spa/buffer/buffer.h>

#include <cstdint>
#include <span>
#include <string>

namespace ombra::media {

// Copies a picture, rgba: [height][width][4], into the buffer's first block, row by row without gaps; blue_first: as
// BGRx. -> false: the block lacks memory or is too small, and is marked as empty
bool fill_buffer(std::span<const std::uint8_t> rgba, int width, int height, bool blue_first, spa_buffer& buffer);

// code: negative, of errno's; words: as the library gives them, maybe null or empty. -> never empty
std::string pipewire_fault(int code, const char* words);

}  // namespace ombra::media
