#pragma once
// Where the picture goes at the start of a show: to windows of its own, on displays that are named, were used last time
// or are not the operator's, or into the one window that the desk lies over. Pure. Thread: any.

#include "show/live/displays.hpp"

#include <span>
#include <string>
#include <vector>

namespace ombra::show {

inline constexpr std::size_t kMaxOutputs = 4;
inline constexpr const char* kNoOutput = "none";  // instead of a name: one window

// A display that a show before this one has known.
struct KnownDisplay {
  Display display;
  bool on = false;  // the picture filled it
};

struct WantedOutput {
  Display display;    // of one that is awaited only what is known
  bool there = true;  // else it is awaited
  bool operator==(const WantedOutput&) const = default;
};

struct OutputChoice {
  std::vector<WantedOutput> outputs;  // empty: one window; at most kMaxOutputs, each display once
  int desk = -1;                      // number of the display for the desk; -1: the desktop chooses
  std::vector<std::string> remarks;   // for the operator
};

// wanted: of the command line, as in find_display(), or kNoOutput. one_window: the command line says where that one
// goes.
OutputChoice choose_outputs(std::span<const Display> displays, std::span<const std::string> wanted,
                            std::span<const KnownDisplay> known, bool one_window);

// -> number of the display that this is: of its name, at its connector or place where several have that; -1: none
int find_again(std::span<const Display> displays, const Display& display);

}  // namespace ombra::show
