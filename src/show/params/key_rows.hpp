#pragma once
// A row of [keys] in the session file: blackout = "X", a list ["X", "Keypad 0"], or "" for none. What it means is for
// show/desk/keys.hpp to say. Thread: any.

#include <string>
#include <vector>

namespace ombra::show {

struct KeyRow {
  static constexpr std::size_t kMaxRows = 100, kMaxKeys = 8, kMaxBytes = 60;  // bytes: of a name
  std::string command;
  std::vector<std::string> keys;  // as they are written; empty: none
  int line = 0;                   // of the file, from 1; 0: of none
  bool operator==(const KeyRow& other) const { return command == other.command && keys == other.keys; }
};

}  // namespace ombra::show
