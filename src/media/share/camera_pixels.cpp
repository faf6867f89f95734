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

void to_yuyv(const std::uint8_t* rgba, int width, int height, std::uint8_t* out) {
  const auto pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  std::vector<std::uint8_t> planes(pixels * 3 / 2);
  to_planes(rgba, width, height, planes.data());
  const auto half = static_cast<std::size_t>(width / 2);
  for (std::size_t row = 0; row < static_cast<std::size_t>(height); ++row) {
    const std::uint8_t* y = planes.data() + row * 2 * half;
    const std::uint8_t* u = planes.data() + pixels + row / 2 * half;
    const std::uint8_t* v = u + pixels / 4;
    for (std::size_t x = 0; x < half; ++x, out += 4)
      out[0] = y[2 * x], out[1] = u[x], out[2] = y[2 * x + 1], out[3] = v[x];
  }
}

}  // namespace

std::size_t camera_bytes(CameraPixels pixels, int width, int height) {
  const auto size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  return pixels == CameraPixels::kYuyv ? 2 * size : pixels == CameraPixels::kYu12 ? size * 3 / 2 : 4 * size;
}

void to_camera(std::span<const std::uint8_t> rgba, int width, int height, CameraPixels pixels,
               std::vector<std::uint8_t>& out) {
  out.resize(camera_bytes(pixels, width, height));
  if (pixels == CameraPixels::kYuyv) return to_yuyv(rgba.data(), width, height, out.data());
  if (pixels == CameraPixels::kYu12) return to_planes(rgba.data(), width, height, out.data());
  for (std::size_t i = 0; i < out.size(); i += 4) {
    out[i] = rgba[i + 2], out[i + 1] = rgba[i + 1], out[i + 2] = rgba[i], out[i + 3] = 255;
  }
}

}  // namespace ombra::media
