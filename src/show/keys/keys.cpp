#include "show/keys/keys.hpp"

#include "show/keys/desk_actions.hpp"

#include <SDL_keycode.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace ombra::show {
namespace {

bool letter_or_digit(int code) { return (code >= SDLK_a && code <= SDLK_z) || (code >= SDLK_0 && code <= SDLK_9); }

// -> the sign in its place, where it does not mean what is printed on it; else 0
int other_meaning(const KeyPress& press) {
  const int key = press.key;
  const bool printed = (key > SDLK_SPACE && key < SDLK_DELETE) || (key > 0x7f && (key & SDLK_SCANCODE_MASK) == 0);
  const bool ours = letter_or_digit(key) || key == SDLK_COMMA || key == SDLK_PERIOD || key == SDLK_LEFTBRACKET ||
                    key == SDLK_RIGHTBRACKET;
  return printed && !ours ? sign_by_place(press.scancode) : 0;
}

int meant(const KeyPress& press) {
  const int other = other_meaning(press);
  return other != 0 ? other : press.key;
}

// The keys of the calibration screen, which K ends as it began it. -> was it one of them?
bool calibrate(int key, unsigned mods, ShowParams& params) {
  const int offset = params.offset_ms.index;
  const double step_ms = (mods & KMOD_SHIFT) != 0 ? 5.0 : 1.0;
  switch (key) {
    case SDLK_UP:
    case SDLK_DOWN:
      params.set(offset, std::round(params.base(offset)) + (key == SDLK_UP ? step_ms : -step_ms));
      return true;
    case SDLK_0:
    case SDLK_KP_0:
      params.set(offset, 0.0);
      return true;
    case SDLK_ESCAPE:
      params.set(params.calibrate.index, 0.0);
      return true;
    default:
      return false;
  }
}

}  // namespace

Keys::Keys() { bind({}, ""); }

// Signs first, then places; a key with Shift is the one without where nothing else is bound to it.
const Command* Keys::find(const KeyPress& press) const {
  if ((press.mods & KMOD_GUI) != 0) return nullptr;  // the desktop's
  const unsigned mods = modifiers_of(press.mods);
  for (const int code : {press.key, other_meaning(press)}) {
    for (const Key& key : {Key{code, mods}, Key{code, mods & ~Key::kShift}}) {
      for (std::size_t i = 0; code != 0 && i < bound_.size(); ++i) {
        if (std::ranges::find(bound_[i], key) != bound_[i].end()) return &commands()[i];
      }
    }
  }
  return nullptr;
}

bool Keys::press(const KeyPress& press, ShowParams& params, DeskActions& actions) {
  const Command* command = find(press);
  const int key = meant(press);
  if (question_ != Question::kNone) {
    if (press.repeat || only_modifies(key)) return true;
    const bool passes = command && command->while_asked;
    answer(!passes && (key == SDLK_RETURN || key == SDLK_KP_ENTER || key == SDLK_y), actions);
    if (passes) command->act(*this, params, actions);
    return true;
  }
  if (help_ && key == SDLK_ESCAPE) {
    help_ = press.repeat;
    return true;
  }
  const bool locked = params.get(params.key_lock), before_all = command && command->while_asked;
  if (!locked && !before_all && params.get(params.calibrate) && calibrate(key, press.mods, params)) return true;
  if (locked && !(command && command->while_locked)) {
    if (!press.repeat && !only_modifies(key)) actions.locked_key = true;
    return false;
  }
  if (!command || (press.repeat && !command->repeats)) return false;
  command->act(*this, params, actions);
  return true;
}

bool Keys::passes_fields(const KeyPress& press) const {
  if (!find(press)) return false;
  const int key = meant(press);
  if ((key >= SDLK_F1 && key <= SDLK_F12) || (key >= SDLK_F13 && key <= SDLK_F24)) return true;
  constexpr std::string_view kOfFields = "acvxyz";
  const bool letter = key >= SDLK_a && key <= SDLK_z && kOfFields.find(static_cast<char>(key)) == kOfFields.npos;
  return letter && (press.mods & KMOD_CTRL) != 0;
}

bool Keys::goes_first(const KeyPress& press) const {
  const Command* command = find(press);
  return (command && command->needs_key) || (help_ && meant(press) == SDLK_ESCAPE);
}

bool Keys::goes_first(const Key& key) const {
  for (std::size_t i = 0; i < bound_.size(); ++i) {
    if (commands()[i].needs_key && std::ranges::find(bound_[i], key) != bound_[i].end()) return true;
  }
  return false;
}

std::string_view Keys::command(const KeyPress& press) const {
  const Command* command = find(press);
  return command ? command->name : std::string_view();
}

void Keys::answer(bool yes, DeskActions& actions) {
  const Question asked = std::exchange(question_, Question::kNone);
  if (!yes) return;
  if (asked == Question::kEnd) actions.quit = true;
  if (asked == Question::kReplace) actions.save_preset = preset_, actions.replace_preset = true;
}

}  // namespace ombra::show
