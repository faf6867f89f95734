#pragma once
// A small picture to draw lines, boxes and text on: curves, contact sheets and their captions.
// Coordinates are pixels from the upper left; everything is clipped. Thread: one owner.

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ombra {

class Canvas {
 public:
  using Colour = std::array<std::uint8_t, 3>;

  Canvas(int width, int height, Colour ground);

  int width() const { return width_; }
  int height() const { return height_; }
  void pixel(int x, int y, Colour colour, double cover = 1.0);
  void line(double x0, double y0, double x1, double y1, Colour colour);            // antialiased, about 1.2 px wide
  void box(int x, int y, int width, int height, Colour colour);                    // filled
  void text(int x, int y, const std::string& text, Colour colour, int scale = 1);  // 7-bit letters, 12 px a line
  static int text_width(const std::string& text, int scale = 1);
  // A grey picture, row by row, 0 black to 1 white.
  void image(int x, int y, int width, int height, const std::vector<float>& grey);
  void write(const std::filesystem::path& png) const;
  const std::vector<std::uint8_t>& rgb() const { return rgb_; }  // rows from the top

 private:
  int width_, height_;
  std::vector<std::uint8_t> rgb_;
};

}  // namespace ombra
