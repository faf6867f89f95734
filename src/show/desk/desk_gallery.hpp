#pragma once
// Small pictures to click, side by side: the seed phrases, the people.
// Thread: render only.

#include "show/desk/desk_widgets.hpp"

#include <functional>
#include <memory>

namespace ombra::show {

// Keeps pictures in one texture. -> are they others than before?
bool keep_pictures(PictureSheet& sheet, const std::shared_ptr<const FieldImage>& field);

struct Gallery {
  const char* id;
  int cards;
  int each = 1, shown = 0;  // card n has picture n * each + shown of the sheet
  // Is called when card n has been drawn, which then is ImGui's last item.
  std::function<void(int n, bool clicked)> after;
};

// height: room for it, in pixels; it scrolls by itself where its pictures need more; 0: as high as it is.
void draw_gallery(const PictureSheet& sheet, const Gallery& gallery, float height);

// On the card before: a frame inside its edge by so many text heights, or its number at the upper left corner.
void frame_card(const ImVec4& colour, float opacity, float inside = 0.0f);
void number_card(int number);

}  // namespace ombra::show
