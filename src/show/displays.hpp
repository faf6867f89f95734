#pragma once
// The displays of this machine, for `ombra devices`. Thread: main.

#include <string>
#include <vector>

namespace ombra::show {

struct Display {
  std::string name;
  int width = 0, height = 0, refresh_hz = 0;
};

// -> in the order of SDL's numbers; empty without a desktop. Never throws.
std::vector<Display> list_displays();

}  // namespace ombra::show
