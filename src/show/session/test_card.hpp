#pragma once
// A picture to set up a projector with: the outermost pixels, a grid of squares, a circle, colour bars, a grey ramp,
// and what the display says of itself. Drawn by the processor, once per size, and copied.
// Thread: render only; card_picture: any.

#include "drawing/canvas.hpp"
#include "gfx/framebuffer.hpp"

#include <array>
#include <string>

namespace ombra::show {

// Where the bars and the ramp lie, as shares of width and height from the upper left corner.
inline constexpr double kCardLeft = 0.14, kCardRight = 0.86;
inline constexpr double kBarsTop = 0.24, kBarsBottom = 0.42, kGreysTop = 0.44, kGreysBottom = 0.54;
// 75 % of the light's code, as test pictures of television have them
inline constexpr std::array<Canvas::Colour, 8> kCardBars = {
    {{191, 191, 191}, {191, 191, 0}, {0, 191, 191}, {0, 191, 0}, {191, 0, 191}, {191, 0, 0}, {0, 0, 191}, {0, 0, 0}}};
inline constexpr int kCardGreys = 11;  // from black to white, in equal steps

struct CardText {
  std::string display;  // its name, "": it has none
  double refresh_hz = 60.0;
  bool operator==(const CardText&) const = default;
};

Canvas card_picture(int width, int height, const CardText& text);

class TestCard {
 public:
  void draw(const gfx::Surface& surface, const CardText& text);

 private:
  gfx::Framebuffer card_;
  CardText text_;
};

}  // namespace ombra::show
