#include "train/contact_sheet.hpp"

#include "core/png.hpp"
#include "train/data_set.hpp"

#include <algorithm>

namespace ombra::train {
namespace {

struct Rgb {
  float r, g, b;
};
constexpr Rgb kPaper{242, 240, 235}, kTinted{248, 224, 196}, kInk{28, 24, 38};

}  // namespace

void write_contact_sheet(const std::filesystem::path& path, std::span<const SheetPicture> pictures, int size,
                         int columns) {
  const int rows = std::max(1, (static_cast<int>(pictures.size()) + columns - 1) / columns);
  const int width = columns * size, height = rows * size;
  std::vector<std::uint8_t> pixels(3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 255);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const int left = static_cast<int>(i) % columns * size, top = static_cast<int>(i) / columns * size;
    const Rgb paper = pictures[i].tinted ? kTinted : kPaper;
    for (int y = 0; y < size; ++y) {
      for (int x = 0; x < size; ++x) {
        const float d =
            static_cast<float>(pictures[i].distances[static_cast<std::size_t>(y * size + x)]) / kUnitsPerPixel;
        const float ink = std::clamp(0.5f - d, 0.0f, 1.0f);
        std::uint8_t* pixel = &pixels[3 * (static_cast<std::size_t>(top + y) * static_cast<std::size_t>(width) +
                                           static_cast<std::size_t>(left + x))];
        pixel[0] = static_cast<std::uint8_t>(paper.r + ink * (kInk.r - paper.r));
        pixel[1] = static_cast<std::uint8_t>(paper.g + ink * (kInk.g - paper.g));
        pixel[2] = static_cast<std::uint8_t>(paper.b + ink * (kInk.b - paper.b));
      }
    }
  }
  write_png(path, width, height, 3, pixels);
}

}  // namespace ombra::train
