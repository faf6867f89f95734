// The keys of the show.
#include "show/desk.hpp"

#include <SDL.h>

#include <algorithm>
#include <cmath>

namespace ombra::show {
namespace {

void nudge(ShowParams& params, int index, double share) {
  params.set(index, params.from_unit(index, params.to_unit(index, params.base(index)) + share));
}

void toggle(ShowParams& params, BoolParam p) { params.set(p.index, params.get(p) ? 0.0 : 1.0); }

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

}  // namespace

bool Keys::press(int key, unsigned mods, bool repeat, ShowParams& params, DeskActions& actions) {
  constexpr double kNudge = 0.025;
  if (asking_) {
    if (repeat) return true;
    if (key == SDLK_RETURN || key == SDLK_KP_ENTER || key == SDLK_y) actions.quit = true;
    asking_ = false;
    return true;
  }
  if (params.get(params.calibrate) && calibrate(key, mods, params)) return true;
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
      break;
  }
  if (repeat || (mods & (KMOD_CTRL | KMOD_ALT | KMOD_GUI)) != 0) return false;
  if (key >= SDLK_1 && key <= SDLK_9) {
    params.set(params.seed.index, key - SDLK_1 + 1);
    return true;
  }
  switch (key) {
    case SDLK_ESCAPE:
      asking_ = true;
      return true;
    case SDLK_TAB:
      toggle(params, params.desk_shown);
      return true;
    case SDLK_F11:
      actions.toggle_fullscreen = true;
      return true;
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
    case SDLK_d: {  // 1, 2, 3, 5, 8, then 1 again; with shift one fewer
      constexpr int kSteps[] = {1, 2, 3, 5, 8};
      const int now = params.get(params.count);
      const int* next = std::upper_bound(std::begin(kSteps), std::end(kSteps), now);
      const int count = (mods & KMOD_SHIFT) != 0 ? std::max(1, now - 1) : next == std::end(kSteps) ? 1 : *next;
      params.set(params.count.index, count);
      return true;
    }
    default:
      return false;
  }
}

}  // namespace ombra::show
