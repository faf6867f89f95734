#pragma once
// Pictures in 256 colours, for GIF. The colours are chosen by median cut (Heckbert 1982, "Color image quantization for
// frame buffer display"); what lies between them is dithered in a fixed pattern (Bayer 1973): what stands still stays
// so. Thread: one owner.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace ombra::media {

class Palette {
 public:
  using Colour = std::array<std::uint8_t, 3>;

  // Counts a picture's colours, [pixels][3], before choose().
  void look_at(std::span<const std::uint8_t> rgb);
  // Chooses from all that was seen. A few evenly spread colours are always among them: something may come up later.
  void choose();
  const std::vector<Colour>& colours() const { return colours_; }  // up to 256
  // One row of a picture: rgb [width][3] -> index [width]. y: the row's place in the picture.
  void map(std::span<const std::uint8_t> rgb, int y, std::span<std::uint8_t> index);

 private:
  struct Bin {
    std::uint64_t count = 0;
    std::array<std::uint64_t, 3> sum{};
  };
  struct Known {
    std::uint32_t colour = ~0u;
    std::uint8_t index = 0;
  };

  class MedianCut;

  std::uint8_t nearest(Colour colour);

  std::vector<Bin> bins_;  // 64 x 64 x 64, by the upper six bits of red, green and blue
  std::vector<Colour> colours_;
  std::vector<Known> known_;  // colours looked up lately, by a hash of the colour
};

}  // namespace ombra::media
