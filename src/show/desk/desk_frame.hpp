#pragma once
// What stands around the open panels: of the one panel over the picture the title, its parts and the line about the
// keyboard; of a window of its own all of it; and the question over it all. All but the question draw into the ImGui
// window that is open.
// Thread: render only.

#include "show/desk/desk_panels.hpp"
#include "show/desk/desk_plan.hpp"

#include <initializer_list>
#include <string>
#include <utility>

namespace ombra::show {

// -> "X black  Z freeze": the first key of each command and a word for it; nothing of those without a key
std::string key_words(const Keys& keys, std::initializer_list<std::pair<const char*, const char*>> commands);

// -> "70 %  60 fps  p99 17 ms": resolution where the governor lowers it, rate, slowest frames; "" before there is one
std::string rate_text(const DeskView& view);

// What takes no clicks at this moment.
struct Shut {
  bool all = false;   // a question is asked
  bool most = false;  // that, or the lock: blackout, freeze and the lock itself do
};

// The panel over the picture. typing: what the keyboard does instead of the keys' names; null: those.
void draw_one_panel(DeskContext& desk, const Shut& shut, const char* typing);
// The window of its own.
void draw_wide_desk(DeskContext& desk, const DeskPlan& plan, const Shut& shut, const char* typing);
// A window of its own in the middle of one of this size in pixels.
void draw_question(Keys& keys, DeskActions& actions, int width, int height);

}  // namespace ombra::show
