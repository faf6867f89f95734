#pragma once
// Pictures as cameras give them. Thread: any.

#include <cstdint>
#include <span>
#include <vector>

namespace ombra::media {

enum class CameraPixels {
  kYuyv,  // 4:2:2 in one plane, Y U Y V: what programs for cameras expect first
  kYu12,  // 4:2:0 in three planes
  kBgrx,  // 32 bits a pixel, blue first
};

// -> bytes of a picture
std::size_t camera_bytes(CameraPixels pixels, int width, int height);
// rgba: [height][width][4], rows from the top, 64 bytes behind it readable; width and height even. The two kinds of YUV
// are BT.709 in the limited range; each of their colours is the mean of four pixels. out: of camera_bytes() afterwards;
// of the same vector no memory is taken a second time.
void to_camera(std::span<const std::uint8_t> rgba, int width, int height, CameraPixels pixels,
               std::vector<std::uint8_t>& out);

}  // namespace ombra::media
