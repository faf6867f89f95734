#include "show/keys/key_names.hpp"

#include "core/text.hpp"

#include <SDL_keyboard.h>
#include <SDL_keycode.h>

#include <array>
#include <utility>

namespace ombra::show {
namespace {

constexpr std::array<std::pair<const char*, unsigned>, 3> kModifiers = {
    {{"Ctrl+", Key::kCtrl}, {"Shift+", Key::kShift}, {"Alt+", Key::kAlt}}};
constexpr std::array<std::pair<const char*, int>, 2> kOwnNames = {{{"Enter", SDLK_RETURN}, {"Esc", SDLK_ESCAPE}}};

// The sign that a key gives without Shift, for letters beyond the 26: of Western Europe, Greek and Cyrillic.
int small(int code) {
  const bool western = code >= 0xc0 && code <= 0xde && code != 0xd7, greek = code >= 0x391 && code <= 0x3a9;
  const bool cyrillic = code >= 0x410 && code <= 0x42f;
  return western || greek || cyrillic ? code + 0x20 : code;
}

// Controls, and signs without a shape: they would turn or break the line that they are shown in.
bool shapeless(int code) {
  return (code >= 0x7f && code <= 0xa0) || code == 0xad || (code >= 0x2000 && code <= 0x206f) || code == 0xfeff;
}

}  // namespace

unsigned modifiers_of(unsigned mods) {
  return ((mods & KMOD_CTRL) != 0 ? Key::kCtrl : 0) | ((mods & KMOD_SHIFT) != 0 ? Key::kShift : 0) |
         ((mods & KMOD_ALT) != 0 ? Key::kAlt : 0);
}

bool only_modifies(int code) {
  return (code >= SDLK_LCTRL && code <= SDLK_RGUI) || code == SDLK_MODE || code == SDLK_CAPSLOCK ||
         code == SDLK_NUMLOCKCLEAR;
}

int sign_by_place(int scancode) {
  const char* name = SDL_GetScancodeName(static_cast<SDL_Scancode>(scancode));
  return name[0] != '\0' && name[1] == '\0' ? lower(name[0]) : 0;
}

std::optional<Key> parse_key(std::string_view text) {
  if (text.size() > kMaxKeyName) return {};
  Key key;
  for (bool more = true; more;) {
    more = false;
    for (const auto& [word, bit] : kModifiers) {
      const std::string_view prefix = word;
      if (text.size() <= prefix.size() || !same_in_any_case(text.substr(0, prefix.size()), prefix)) continue;
      text.remove_prefix(prefix.size());
      key.modifiers |= bit, more = true;
    }
  }
  if (text.empty() || (text.size() == 1 && text[0] >= '\0' && text[0] < ' ')) return {};
  for (const auto& [word, code] : kOwnNames) {
    if (same_in_any_case(text, word)) key.code = code;
  }
  if (key.code == 0) key.code = small(SDL_GetKeyFromName(std::string(text).c_str()));
  if (key.code == 0 || only_modifies(key.code) || shapeless(key.code)) return {};
  return key;
}

std::string key_text(const Key& key) {
  std::string text;
  for (const auto& [word, bit] : kModifiers) {
    if ((key.modifiers & bit) != 0) text += word;
  }
  for (const auto& [word, code] : kOwnNames) {
    if (key.code == code) return text + word;
  }
  return text + SDL_GetKeyName(key.code);
}

}  // namespace ombra::show
