#include "drawing/canvas.hpp"

#include "drawing/png.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wcast-qual"
#include <stb/stb_easy_font.h>
#pragma GCC diagnostic pop

namespace ombra {

Canvas::Canvas(int width, int height, Colour ground)
    : width_(width), height_(height), rgb_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3) {
  box(0, 0, width, height, ground);
}

void Canvas::pixel(int x, int y, Colour colour, double cover) {
  if (x < 0 || y < 0 || x >= width_ || y >= height_) return;
  std::uint8_t* at =
      &rgb_[(static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x)) * 3];
  for (int c = 0; c < 3; ++c) {
    at[c] = static_cast<std::uint8_t>(
        std::lround(at[c] + (colour[static_cast<std::size_t>(c)] - at[c]) * std::clamp(cover, 0.0, 1.0)));
  }
}

void Canvas::line(double x0, double y0, double x1, double y1, Colour colour) {
  const double dx = x1 - x0, dy = y1 - y0, length2 = std::max(1e-9, dx * dx + dy * dy);
  const auto low = [](double a, double b, int limit) {
    return std::clamp(static_cast<int>(std::min(a, b)) - 1, 0, limit);
  };
  const auto high = [](double a, double b, int limit) {
    return std::clamp(static_cast<int>(std::max(a, b)) + 2, 0, limit);
  };
  for (int y = low(y0, y1, height_); y < high(y0, y1, height_); ++y) {
    for (int x = low(x0, x1, width_); x < high(x0, x1, width_); ++x) {
      const double t = std::clamp(((x - x0) * dx + (y - y0) * dy) / length2, 0.0, 1.0);
      pixel(x, y, colour, 1.1 - std::hypot(x - x0 - t * dx, y - y0 - t * dy));
    }
  }
}

void Canvas::box(int x, int y, int width, int height, Colour colour) {
  const int left = std::clamp(x, 0, width_), right = std::min(width_, x + width);
  for (int row = std::max(0, y); row < std::min(height_, y + height); ++row) {
    std::uint8_t* at =
        rgb_.data() + (static_cast<std::ptrdiff_t>(row) * width_ + left) * static_cast<std::ptrdiff_t>(colour.size());
    for (int column = left; column < right; ++column) at = std::ranges::copy(colour, at).out;
  }
}

void Canvas::text(int x, int y, const std::string& text, Colour colour, int scale) {
  struct Vertex {
    float x, y, z;
    std::uint8_t rgba[4];
  };
  std::vector<Vertex> quads(text.size() * 80 + 4);  // stb_easy_font: at most about 270 bytes a letter
  std::string copy = text;
  const int count =
      stb_easy_font_print(0, 0, copy.data(), nullptr, quads.data(), static_cast<int>(quads.size() * sizeof(Vertex)));
  for (int q = 0; q < count; ++q) {
    const Vertex &a = quads[static_cast<std::size_t>(q) * 4], &c = quads[static_cast<std::size_t>(q) * 4 + 2];
    box(x + static_cast<int>(a.x) * scale, y + static_cast<int>(a.y) * scale, static_cast<int>(c.x - a.x) * scale,
        static_cast<int>(c.y - a.y) * scale, colour);
  }
}

int Canvas::text_width(const std::string& text, int scale) {
  std::string copy = text;
  return stb_easy_font_width(copy.data()) * scale;
}

void Canvas::image(int x, int y, int width, int height, const std::vector<float>& grey) {
  for (int row = 0; row < height; ++row) {
    for (int column = 0; column < width; ++column) {
      const float v =
          grey[static_cast<std::size_t>(row) * static_cast<std::size_t>(width) + static_cast<std::size_t>(column)];
      const auto level = static_cast<std::uint8_t>(std::lround(std::clamp(v, 0.0f, 1.0f) * 255.0f));
      pixel(x + column, y + row, {level, level, level});
    }
  }
}

void Canvas::write(const std::filesystem::path& png) const { write_png(png, width_, height_, 3, rgb_); }

}  // namespace ombra
