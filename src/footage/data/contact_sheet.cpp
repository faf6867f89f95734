#include "footage/data/contact_sheet.hpp"

#include "drawing/png.hpp"
#include "media/read/leftovers.hpp"

#include <algorithm>
#include <array>

namespace ombra::train {
namespace {

using Rgb = std::array<float, 3>;
constexpr Rgb kPaper{242, 240, 235}, kTinted{248, 224, 196}, kInk{28, 24, 38};

// Share of light at pixel i of a picture, one number a colour: 0 the ink's place, 1 the paper's.
Rgb light_at(const SheetPicture& picture, PictureKind kind, std::size_t i) {
  if (kind == PictureKind::kRgb) {
    return {static_cast<float>(picture.bytes[3 * i]) / 255.0f, static_cast<float>(picture.bytes[3 * i + 1]) / 255.0f,
            static_cast<float>(picture.bytes[3 * i + 2]) / 255.0f};
  }
  float light = static_cast<float>(picture.bytes[i]) / 255.0f;
  if (kind == PictureKind::kDistance) {
    const float pixels = static_cast<float>(static_cast<std::int8_t>(picture.bytes[i])) / kUnitsPerPixel;
    light = std::clamp(0.5f + pixels, 0.0f, 1.0f);
  }
  return {light, light, light};
}

}  // namespace

void write_contact_sheet(const std::filesystem::path& path, std::span<const SheetPicture> pictures,
                         const SheetFormat& format) {
  const auto columns = static_cast<std::size_t>(format.columns), w = static_cast<std::size_t>(format.width),
             h = static_cast<std::size_t>(format.height);
  const std::size_t rows = std::max<std::size_t>(1, (pictures.size() + columns - 1) / columns), width = columns * w;
  std::vector<std::uint8_t> pixels(3 * width * rows * h, 255);
  for (std::size_t n = 0; n < pictures.size(); ++n) {
    const Rgb& paper = pictures[n].tinted ? kTinted : kPaper;
    for (std::size_t y = 0; y < h; ++y) {
      for (std::size_t x = 0; x < w; ++x) {
        const Rgb light = light_at(pictures[n], format.kind, y * w + x);
        std::uint8_t* pixel = &pixels[3 * ((n / columns * h + y) * width + n % columns * w + x)];
        for (std::size_t c = 0; c < 3; ++c) {
          pixel[c] = static_cast<std::uint8_t>(kInk[c] + light[c] * (paper[c] - kInk[c]));
        }
      }
    }
  }
  write_png(path, static_cast<int>(width), static_cast<int>(rows * h), 3, pixels, media::kOwnMark);
}

}  // namespace ombra::train
