#include "media/share/camera_pixels.hpp"

#include "media/write/rgb_to_yuv.hpp"

namespace ombra::media {
namespace {

// Planes of 4:2:0, one behind the other.
void to_planes(const std::uint8_t* rgba, int width, int height, std::uint8_t* planes) {
  const std::ptrdiff_t size = static_cast<std::ptrdiff_t>(width) * height;
  rgb_to_yuv420(rgba, width, height, {planes, width}, {planes + size, width / 2},
                {planes + size + size / 4, width / 2});
}

// Two rows at a time, by way of their planes: planes has room for them, 3 * width bytes.
void to_yuyv(const std::uint8_t* rgba, int width, int height, std::uint8_t* out, std::uint8_t* planes) {
  const auto wide = static_cast<std::size_t>(width);
  const std::uint8_t *u = planes + 2 * wide, *v = u + wide / 2;
  for (int row = 0; row < height; row += 2, rgba += 8 * wide) {
    to_planes(rgba, width, 2, planes);
    for (const std::uint8_t* y : {planes, planes + wide}) {
      for (std::size_t x = 0; x < wide / 2; ++x, out += 4)
        out[0] = y[2 * x], out[1] = u[x], out[2] = y[2 * x + 1], out[3] = v[x];
    }
  }
}

}  // namespace

std::size_t camera_bytes(CameraPixels pixels, int width, int height) {
  const auto size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  return pixels == CameraPixels::kYuyv ? 2 * size : pixels == CameraPixels::kYu12 ? size * 3 / 2 : 4 * size;
}

void to_camera(std::span<const std::uint8_t> rgba, int width, int height, CameraPixels pixels,
               std::vector<std::uint8_t>& out) {
  const std::size_t bytes = camera_bytes(pixels, width, height);
  if (pixels == CameraPixels::kYuyv) {
    out.resize(bytes + 3 * static_cast<std::size_t>(width));  // with room to work in
    to_yuyv(rgba.data(), width, height, out.data(), out.data() + bytes);
    return out.resize(bytes);
  }
  out.resize(bytes);
  if (pixels == CameraPixels::kYu12) return to_planes(rgba.data(), width, height, out.data());
  for (std::size_t i = 0; i < out.size(); i += 4) {
    out[i] = rgba[i + 2], out[i + 1] = rgba[i + 1], out[i + 2] = rgba[i], out[i + 3] = 255;
  }
}

}  // namespace ombra::media
