#include "show/session/test_card.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace ombra::show {
namespace {

constexpr Canvas::Colour kGround{32, 32, 32}, kGrid{96, 96, 96}, kLines{255, 255, 255}, kBlack{0, 0, 0};

int share(int length, double of) { return static_cast<int>(std::lround(length * of)); }

// The canvas knows 7-bit letters: any other one is a question mark.
std::string plain(const std::string& utf8) {
  std::string text;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) text += c;
    if (byte >= 0xc0) text += '?';  // the first byte of a longer letter
  }
  return text;
}

// Squares from the middle outwards, so that both sides end alike.
void draw_grid(Canvas& card, int side, int thick) {
  const int w = card.width(), h = card.height(), cell = std::max(8, side / 12);
  for (int from = 0; from <= std::max(w, h) / 2; from += cell) {
    for (const int to : {from, -from}) {
      card.box((w - thick) / 2 + to, 0, thick, h, kGrid);
      card.box(0, (h - thick) / 2 + to, w, thick, kGrid);
    }
  }
  card.box(0, 0, w, thick, kLines);
  card.box(0, h - thick, w, thick, kLines);
  card.box(0, 0, thick, h, kLines);
  card.box(w - thick, 0, thick, h, kLines);
}

void draw_circle(Canvas& card, int side, int thick) {
  constexpr int kPieces = 360;
  const double x = 0.5 * (card.width() - 1), y = 0.5 * (card.height() - 1);
  for (int ring = 0; ring < 2 * thick - 1; ++ring) {
    const double radius = 0.46 * side - 0.5 * ring;
    const auto at = [&](int piece) { return 2.0 * std::numbers::pi * piece / kPieces; };
    for (int i = 0; i < kPieces; ++i) {
      card.line(x + radius * std::cos(at(i)), y + radius * std::sin(at(i)), x + radius * std::cos(at(i + 1)),
                y + radius * std::sin(at(i + 1)), kLines);
    }
  }
}

void draw_row(Canvas& card, double top, double bottom, const std::vector<Canvas::Colour>& colours) {
  const int y = share(card.height(), top), height = share(card.height(), bottom) - y;
  const auto edge = [&](std::size_t i) {
    const double along = static_cast<double>(i) / static_cast<double>(colours.size());
    return share(card.width(), kCardLeft + along * (kCardRight - kCardLeft));
  };
  for (std::size_t i = 0; i < colours.size(); ++i) card.box(edge(i), y, edge(i + 1) - edge(i), height, colours[i]);
}

void draw_text(Canvas& card, const CardText& text) {
  const std::string name = plain(text.display);
  const std::string lines[] = {name.empty() ? "a display without a name" : name,
                               fmt::format("{} x {} pixels", card.width(), card.height()),
                               fmt::format("{:.0f} Hz", text.refresh_hz)};
  constexpr int kLine = 12, kCount = 3;  // pixels of a line at scale 1
  int widest = 0;
  for (const std::string& line : lines) widest = std::max(widest, Canvas::text_width(line));
  const double room = (kCardRight - kCardLeft) * card.width();
  const int scale =
      std::max(1, static_cast<int>(std::min(0.2 * card.height() / (kLine * (kCount + 1)), room / (widest + kLine))));
  const int width = scale * (widest + kLine), height = scale * kLine * (kCount + 1);
  const int top = share(card.height(), 0.6);
  card.box((card.width() - width) / 2, top, width, height, kBlack);
  for (int i = 0; i < kCount; ++i) {
    const int x = (card.width() - Canvas::text_width(lines[i], scale)) / 2;
    card.text(x, top + scale * (kLine / 2 + kLine * i + 2), lines[i], kLines, scale);
  }
}

}  // namespace

Canvas card_picture(int width, int height, const CardText& text) {
  Canvas card(width, height, kGround);
  const int side = std::min(width, height), thick = std::max(1, side / 720);
  draw_grid(card, side, thick);
  draw_circle(card, side, thick);
  draw_row(card, kBarsTop, kBarsBottom, {kCardBars.begin(), kCardBars.end()});
  std::vector<Canvas::Colour> greys;
  for (int i = 0; i < kCardGreys; ++i) {
    const auto grey = static_cast<std::uint8_t>(std::lround(255.0 * i / (kCardGreys - 1)));
    greys.push_back({grey, grey, grey});
  }
  draw_row(card, kGreysTop, kGreysBottom, greys);
  draw_text(card, text);
  return card;
}

void TestCard::draw(const gfx::Surface& surface, const CardText& text) {
  const int width = surface.width, height = surface.height;
  if (card_.get() == 0 || card_.width() != width || card_.height() != height || text_ != text) {
    const Canvas card = card_picture(width, height, text);
    const std::vector<std::uint8_t>& rgb = card.rgb();
    std::vector<std::uint8_t> rgba(rgb.size() / 3 * 4, 255);
    for (std::size_t i = 0; i < rgb.size() / 3; ++i) std::copy_n(&rgb[3 * i], 3, &rgba[4 * i]);
    gfx::Framebuffer made(GL_RGBA8, width, height);
    made.texture().fill_rgba8(rgba);
    card_ = std::move(made), text_ = text;
  }
  glDisable(GL_SCISSOR_TEST);
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, surface.framebuffer);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, card_.get());
  // the canvas has its rows from the top
  glBlitFramebuffer(0, 0, width, height, 0, height, width, 0, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
}

}  // namespace ombra::show
