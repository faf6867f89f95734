#pragma once
// Keys as words: "X", "Ctrl+L", "Shift+D", "Keypad Enter", "[". SDL names them; Enter and Esc are written as on
// keyboards and read by SDL's names, too. Read in any case. Thread: any.

#include <optional>
#include <string>
#include <string_view>

namespace ombra::show {

struct Key {
  static constexpr unsigned kCtrl = 1, kShift = 2, kAlt = 4;
  int code = 0;  // of SDL: the sign that it gives alone
  unsigned modifiers = 0;
  bool operator==(const Key&) const = default;
};

inline constexpr std::size_t kMaxKeyName = 40;  // bytes of the longest that is read

// -> nothing where no key is called so, or where it only modifies others
std::optional<Key> parse_key(std::string_view text);
// -> what parse_key reads
std::string key_text(const Key& key);

// -> modifiers of a Key, from those of SDL
unsigned modifiers_of(unsigned mods);
// -> does it change what others mean, as Shift does?
bool only_modifies(int code);
// -> the code of the sign that an American keyboard has in the place of this scancode of SDL; 0: no sign
int sign_by_place(int scancode);

}  // namespace ombra::show
