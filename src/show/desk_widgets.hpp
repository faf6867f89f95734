#pragma once
// Controls made from a parameter's declaration: label at the left, value at the right, help when hovered.
// A click with the right button resets the parameter or lets the music push it.
// Thread: render only.

#include "show/desk_panels.hpp"
#include "show/desk_theme.hpp"

namespace ombra::show {

// Draws the control that fits the parameter's kind.
void draw_param(DeskContext& desk, int index);
template <Kind K>
void draw_param(DeskContext& desk, Handle<K> param) {
  draw_param(desk, param.index);
}

// -> pixels per text height
float em();
// Help for the item before, when the mouse rests on it.
void help(const std::string& text);
// A row of buttons of which one is lit. -> the one clicked, or -1
int draw_segments(const char* id, const std::vector<std::string>& names, int chosen);
void section(const char* title);

}  // namespace ombra::show
