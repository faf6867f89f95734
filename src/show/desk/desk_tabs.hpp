#pragma once
// The panels of the desk and the tabs that open them, in the order in which they are used.
// Thread: render only.

#include "show/desk/desk_panels.hpp"

#include <string_view>

namespace ombra::show {

inline constexpr double kTabFlashS = 0.8;  // for so long a click on a tab lights the column that has its panel

// Tabs side by side, in one row or two as the width has room; the one that is open in this column is lit. A click
// opens its panel in this column, or shows where it is open already.
void draw_tabs(DeskContext& desk, std::size_t column);
// The panel that is open in this column, in what is left of the ImGui window above so many pixels; it alone scrolls.
void draw_open_panel(DeskContext& desk, std::size_t column, float below);
// Opens a panel where it is not open in one of the first columns, in the last of them. name: of its tab.
void open_panel(DeskMemory& memory, std::string_view name, std::size_t columns);
// Sees to it that the first columns show panels that there are, each another one.
void settle_panels(const DeskContext& desk, std::size_t columns);

}  // namespace ombra::show
