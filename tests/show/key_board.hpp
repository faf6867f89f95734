#pragma once
// The keys of the show with all that they can change, without a window.

#include "show/keys/desk_actions.hpp"
#include "show/keys/keys.hpp"

#include <SDL_keycode.h>

#include <string>
#include <vector>

namespace ombra::show {

struct KeyBoard {
  explicit KeyBoard(const std::vector<KeyRow>& rows = {}) : remarks(keys.bind(rows, "session.toml")) {}

  bool press(int key, unsigned mods = KMOD_NONE, int scancode = 0, bool repeat = false) {
    return keys.press({key, scancode, mods, repeat}, params, actions);
  }
  bool press(const Key& key) {
    const unsigned mods = ((key.modifiers & Key::kCtrl) != 0 ? unsigned{KMOD_LCTRL} : 0u) |
                          ((key.modifiers & Key::kShift) != 0 ? unsigned{KMOD_RSHIFT} : 0u) |
                          ((key.modifiers & Key::kAlt) != 0 ? unsigned{KMOD_LALT} : 0u);
    return press(key.code, mods);
  }
  bool press(const char* name) { return press(parse_key(name).value()); }
  bool fired(TriggerParam p) {
    const bool fired = params.fired(p);
    params.end_triggers();
    return fired;
  }

  ShowParams params{{"ember", "paper", "neon"}};
  Keys keys;
  DeskActions actions;
  std::vector<std::string> remarks;  // on the rows
};

}  // namespace ombra::show
