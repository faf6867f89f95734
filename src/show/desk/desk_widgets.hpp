#pragma once
// Controls made from a parameter's declaration: label at the left, value at the right, help when hovered.
// On a slider a double click takes the default again and a click with Ctrl lets a number be typed. A double click on
// the label takes the default of any control; a click with the right button does, too, or lets the music push it.
// Thread: render only.

#include "show/desk/desk_panels.hpp"
#include "show/desk/desk_theme.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace ombra::show {

inline constexpr float kValueEms = 7.2f;  // from its name on, where a value begins

// Draws the control that fits the parameter's kind.
void draw_param(DeskContext& desk, int index);
// Those that are declared to stand there.
void draw_params(DeskContext& desk, Section where);

// -> pixels per text height
float em();
// Help for the item before, when the mouse rests on it: where it covers no other control, beside the one panel or at
// the place that a desk in a window of its own keeps for it.
void help(const std::string& text);
// -> "\nKey: X" for the help of the item before: of the commands that change this parameter; "" where none has a key
std::string key_hint(const DeskContext& desk, std::string_view path);
// After a slider: was it clicked twice, so that it takes its default again?
bool reset_clicked();
// After a control that can be typed into: shows that it has the keyboard.
void mark_typing();
// Notes where the item before lies, from `low` to its lower right corner, for Desk::place_of. name: outlives the desk.
void keep_place(DeskMemory& memory, std::string_view name, const ImVec2& low);
void keep_place(DeskMemory& memory, std::string_view name);  // the item alone
// A slider that is no parameter's. format: of printf. -> was value changed?
struct SliderRange {
  float low, high, initial;
  bool logarithmic = false;
};
bool draw_slider(const char* id, float& value, const SliderRange& range, const char* format, const std::string& text);
// The slider alone, without help and without its default; its number keeps out of the handle's way. flags: of ImGui
bool draw_slider_alone(const char* id, float& value, const SliderRange& range, const char* format, int flags = 0);
bool draw_slider_alone(const char* id, int& value, int low, int high);
inline constexpr const char* kSliderHelp = "\nDouble click: the default. Ctrl and click: type a number.";
// A field for text, as wide as SetNextItemWidth says; a click that misses it by a little is meant for it. -> Enter?
// name: for DeskMemory::focus.
template <std::size_t N>
bool draw_field(DeskMemory& memory, const char* name, const char* hint, std::array<char, N>& text, int flags = 0) {
  return draw_field(memory, name, hint, text.data(), N, flags);
}
bool draw_field(DeskMemory& memory, const char* name, const char* hint, char* text, std::size_t size, int flags);
// -> text, cut with an ellipsis to fit the width in pixels
std::string fit(const std::string& text, float width);
// A row of buttons of which one is lit. -> the one clicked, or -1
int draw_segments(const char* id, const std::vector<std::string>& names, int chosen);
// A triangle for a warning, a disc for a note: told apart without their colours, too. at: upper left corner
void draw_sign(const Message& message, ImVec2 at);
// What is drawn between these two hides what lies below it: a picture's alpha is nobody's business on the desk.
void begin_opaque(ImDrawList* list);
void end_opaque(ImDrawList* list);
ImTextureID texture_id(const PreviewView& picture);
void section(const char* title);
// A name at the left and what it has now at the right; text: help for both.
void value_line(const char* name, const std::string& value, const std::string& text,
                const ImVec4& colour = theme::kText);

}  // namespace ombra::show
