#pragma once
// What stands around the open panel: the title, the row of buttons that open panels, the line about the keyboard, and
// the question over it all. All but the question draw into the ImGui window that is open.
// Thread: render only.

#include "show/desk/desk_panels.hpp"

namespace ombra::show {

inline constexpr std::size_t kBeatPanel = 1;  // of DeskMemory::panel

void draw_header(const DeskContext& desk);
// One row of buttons, and the one panel that is open.
void draw_tabs(DeskContext& desk);
// What the keyboard does at this moment, and the lock. typing: instead of the keys' names; null: none.
void draw_footer(DeskContext& desk, const char* typing);
// A window of its own in the middle of one of this size in pixels.
void draw_question(Keys& keys, DeskActions& actions, int width, int height);

}  // namespace ombra::show
