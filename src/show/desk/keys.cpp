#include "show/desk/keys.hpp"

#include "show/desk/desk.hpp"

#include <SDL.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace ombra::show {
namespace {

void nudge(ShowParams& params, int index, double share) {
  params.set(index, params.from_unit(index, params.to_unit(index, params.base(index)) + share));
}

void toggle(ShowParams& params, BoolParam p) { params.set(p.index, params.get(p) ? 0.0 : 1.0); }

// The sign that is printed on this key of an American keyboard, 0: none that the show uses.
int by_place(int scancode) {
  if (scancode >= SDL_SCANCODE_A && scancode <= SDL_SCANCODE_Z) return SDLK_a + scancode - SDL_SCANCODE_A;
  if (scancode >= SDL_SCANCODE_1 && scancode <= SDL_SCANCODE_9) return SDLK_1 + scancode - SDL_SCANCODE_1;
  switch (scancode) {
    case SDL_SCANCODE_LEFTBRACKET:
      return SDLK_LEFTBRACKET;
    case SDL_SCANCODE_RIGHTBRACKET:
      return SDLK_RIGHTBRACKET;
    case SDL_SCANCODE_COMMA:
      return SDLK_COMMA;
    case SDL_SCANCODE_PERIOD:
      return SDLK_PERIOD;
    default:
      return 0;
  }
}

// What the operator means by a key, as one of SDL's codes.
int meant(const KeyPress& press) {
  const int key = press.key;
  const bool printed = (key > SDLK_SPACE && key < SDLK_DELETE) || (key > 0x7f && (key & SDLK_SCANCODE_MASK) == 0);
  const bool ours = (key >= SDLK_a && key <= SDLK_z) || (key >= SDLK_0 && key <= SDLK_9) || key == SDLK_COMMA ||
                    key == SDLK_PERIOD || key == SDLK_LEFTBRACKET || key == SDLK_RIGHTBRACKET;
  if (!printed || ours) return key;
  const int place = by_place(press.scancode);
  return place != 0 ? place : key;
}

bool only_modifies(int key) {
  return (key >= SDLK_LCTRL && key <= SDLK_RGUI) || key == SDLK_MODE || key == SDLK_CAPSLOCK ||
         key == SDLK_NUMLOCKCLEAR;
}

constexpr unsigned kChord = KMOD_CTRL | KMOD_ALT | KMOD_GUI;

// The keys of the calibration screen. -> was it one of them?
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
    case SDLK_k:
      params.set(params.calibrate.index, 0.0);
      return true;
    default:
      return false;
  }
}

// What works while the show is locked, too. -> was it one of them?
bool always(int key, const KeyPress& press, ShowParams& params) {
  if (press.repeat) return false;
  if (key == SDLK_l && (press.mods & KMOD_CTRL) != 0) {
    toggle(params, params.key_lock);
    return true;
  }
  if ((press.mods & kChord) != 0) return false;
  switch (key) {
    case SDLK_TAB:
      toggle(params, params.desk_shown);
      return true;
    case SDLK_x:
      toggle(params, params.blackout);
      return true;
    case SDLK_z:
      toggle(params, params.freeze);
      return true;
    default:
      return false;
  }
}

// What ends, moves or covers the picture. -> was it one of them?
bool over_all(int key, Keys& keys, ShowParams& params, DeskActions& actions) {
  switch (key) {
    case SDLK_ESCAPE:
      keys.ask_end();
      return true;
    case SDLK_F11:
      actions.toggle_fullscreen = true;
      return true;
    case SDLK_c:
      toggle(params, params.test_card);
      return true;
    default:
      return false;
  }
}

// What may be held down. -> was it one of them?
bool held(int key, ShowParams& params) {
  constexpr double kNudge = 0.025;
  switch (key) {  // these repeat while held
    case SDLK_UP:
      nudge(params, params.energy.index, kNudge);
      return true;
    case SDLK_DOWN:
      nudge(params, params.energy.index, -kNudge);
      return true;
    case SDLK_RIGHT:
      nudge(params, params.temperature.index, kNudge);
      return true;
    case SDLK_LEFT:
      nudge(params, params.temperature.index, -kNudge);
      return true;
    case SDLK_LEFTBRACKET:
      params.fire(params.earlier.index);
      return true;
    case SDLK_RIGHTBRACKET:
      params.fire(params.later.index);
      return true;
    default:
      return false;
  }
}

// 1, 2, 3, 5, 8 dancers, then 1 again; or one fewer
int next_count(int now, bool fewer) {
  if (fewer) return std::max(1, now - 1);
  constexpr int kSteps[] = {1, 2, 3, 5, 8};
  const int* next = std::upper_bound(std::begin(kSteps), std::end(kSteps), now);
  return next == std::end(kSteps) ? 1 : *next;
}

// What acts once. -> was it one of them?
bool once(int key, unsigned mods, ShowParams& params, DeskActions& actions) {
  if (key >= SDLK_1 && key <= SDLK_9) {
    params.set(params.seed.index, key - SDLK_1 + 1);
    return true;
  }
  switch (key) {
    case SDLK_SPACE:
      toggle(params, params.hold);
      return true;
    case SDLK_k:
      toggle(params, params.calibrate);
      return true;
    case SDLK_m:
      toggle(params, params.mirror);
      return true;
    case SDLK_j:
      params.fire(params.jump.index);
      return true;
    case SDLK_t:
      params.fire(params.tap.index);
      return true;
    case SDLK_r:
      toggle(params, params.record_on);
      return true;
    case SDLK_RETURN:
    case SDLK_KP_ENTER:
      params.fire(params.resync.index);
      return true;
    case SDLK_PERIOD:
      params.fire(params.twice.index);
      return true;
    case SDLK_COMMA:
      params.fire(params.half.index);
      return true;
    case SDLK_BACKSPACE:
      params.fire(params.beat_reset.index);
      return true;
    case SDLK_f:
      toggle(params, params.free_run);
      return true;
    case SDLK_b:
      params.set(params.desk_shown.index, 1.0);
      actions.type_tempo = true;
      return true;
    case SDLK_l: {
      const auto looks = static_cast<int>(params.declaration(params.look.index).choices.size());
      params.set(params.look.index, (params.get(params.look) + 1) % std::max(1, looks));
      return true;
    }
    case SDLK_d:
      params.set(params.count.index, next_count(params.get(params.count), (mods & KMOD_SHIFT) != 0));
      return true;
    default:
      return false;
  }
}

}  // namespace

bool Keys::press(const KeyPress& press, ShowParams& params, DeskActions& actions) {
  const int key = meant(press);
  if (question_ != Question::kNone) {
    if (press.repeat || only_modifies(key)) return true;
    answer(key == SDLK_RETURN || key == SDLK_KP_ENTER || key == SDLK_y, actions);
    if (key == SDLK_x || key == SDLK_z) always(key, press, params);  // no question may be in their way
    return true;
  }
  const bool locked = params.get(params.key_lock);
  if (!locked && params.get(params.calibrate) && calibrate(key, press.mods, params)) return true;
  if (always(key, press, params)) return true;
  if (locked) {
    if (!press.repeat && !only_modifies(key)) actions.locked_key = true;
    return false;
  }
  if ((press.mods & kChord) != 0) return false;
  if (held(key, params)) return true;
  return !press.repeat && (over_all(key, *this, params, actions) || once(key, press.mods, params, actions));
}

void Keys::answer(bool yes, DeskActions& actions) {
  const Question asked = std::exchange(question_, Question::kNone);
  if (!yes) return;
  if (asked == Question::kEnd) actions.quit = true;
  if (asked == Question::kReplace) actions.save_preset = preset_, actions.replace_preset = true;
}

}  // namespace ombra::show
