#pragma once
// A picture with alpha, made ready for a texture: in linear light, so that it is laid over another one and made smaller
// as light adds up. Thread: any (values).

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ombra::stage {

struct OverlayPicture {
  // RGBA, rows from the top: colour times alpha in linear light, as sRGB bytes (for GL_SRGB8_ALPHA8), and alpha.
  struct Level {
    int width = 0, height = 0;
    std::vector<std::uint8_t> rgba;
  };
  std::vector<Level> levels;  // all of a mip chain, the largest first; none: nothing is to be seen
  // What is placed on the screen, in pixels of the largest level from its upper left corner: of a text its line, from
  // which letters may stick out.
  double left = 0.0, top = 0.0, width = 0.0, height = 0.0;
  double size_px = 1.0;  // its font size, or the logo's height
  std::string remark;    // what is not as it was asked for, or empty

  bool operator==(const OverlayPicture&) const = delete;
};

inline constexpr int kMaxOverlaySide = 8192;  // pixels

// argb: width x height pixels as Cairo has them (sRGB times alpha, alpha in the highest byte), rows of stride bytes.
// Halved for as long as no fewer than least_height lines are left.
OverlayPicture overlay_picture(const unsigned char* argb, std::ptrdiff_t stride, int width, int height,
                               int least_height);

}  // namespace ombra::stage
