#pragma once
// What keys can do, as one table: dispatch and rebinding (keys.hpp), the list of keys on the desk and in README.md, and
// what the desk says of keys come from it. A command is one row in key_commands.cpp and nothing else.
// Thread: any; the table is constant.

#include "show/params/show_params.hpp"

#include <array>
#include <span>
#include <string_view>

namespace ombra::show {

class Keys;
struct DeskActions;

enum class KeyGroup { kShow, kPicture, kDance, kBeat, kDesk };
inline constexpr std::array<std::string_view, 5> kKeyGroups = {"Show", "Picture", "Dance", "Beat", "Desk"};

struct Command {
  std::string_view name = {};  // in files
  KeyGroup group = KeyGroup::kShow;
  std::string_view keys = {};  // those that it has by itself: "X", "Enter or Keypad Enter"
  std::string_view help = {};  // in a few words; neighbours with the same are shown as one
  std::string_view path = {};  // the parameter that it changes, "": none
  void (*act)(Keys&, ShowParams&, DeskActions&) = nullptr;
  bool repeats = false;       // while its key is held
  bool while_locked = false;  // acts then, too
  bool while_asked = false;   // no question is in its way
  bool needs_key = false;     // cannot be left without
};

// -> group by group
std::span<const Command> commands();

}  // namespace ombra::show
