#pragma once
// The displays of this machine. Thread: main.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ombra::show {

struct Display {
  std::string name;  // as the desktop calls it: "DELL U2720Q 27\""
  int width = 0, height = 0, refresh_hz = 0;
  int x = 0, y = 0;            // on the desktop
  std::string connector = {};  // "HDMI-1", "eDP-1"; "" where the desktop does not say
  bool primary = false;        // the desktop's first
  bool operator==(const Display&) const = default;
};

// -> do they show the same part of the desktop?
bool same_area(const Display& a, const Display& b);

// -> in the order of SDL's numbers; empty without a desktop. Never throws.
std::vector<Display> list_displays();

// wanted: a name, a connector, a number, or a part of a name in any case. -> the number of the display, -1: there is
// none like it
int find_display(std::span<const Display> displays, std::string_view wanted);

// -> is it built into this computer? By the name of its connector.
bool is_built_in(const Display& display);
// -> number of the display that the operator sits at: the one that is built in, else the desktop's first; -1: none
int operators_display(std::span<const Display> displays);

}  // namespace ombra::show
