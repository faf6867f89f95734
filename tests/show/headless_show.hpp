#pragma once
// A show off-screen, danced by capsules, and what the operator does to it: keys, pointer, files, the close button.

#include "core/clock.hpp"
#include "show/capsule_dancer.hpp"
#include "show/session/session.hpp"

#include <SDL.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <utility>

namespace ombra::show {

// script: what the dancer does, for tests of faults
inline SessionOptions headless_options(int width = 320, int height = 180,
                                       std::shared_ptr<CapsuleDancer::Script> script = nullptr) {
  SessionOptions options;
  options.dancer = capsule_dancers(std::move(script));
  options.model = "capsules";
  options.silent = true, options.headless = true;
  options.width = width, options.height = height;
  return options;
}

inline void run_for(Session& session, double seconds) {
  for (const double end_s = now_s() + seconds; now_s() < end_s;) ASSERT_TRUE(session.frame()) << "the show ended";
}

// window: of SDL, in which the key is pressed; 0: none
inline void press(SDL_Keycode key, SDL_Keymod mods = KMOD_NONE, Uint32 window = 0) {
  SDL_Event event{};
  event.type = SDL_KEYDOWN;
  event.key.windowID = window;
  event.key.keysym.sym = key;
  event.key.keysym.scancode = SDL_GetScancodeFromKey(key);
  event.key.keysym.mod = static_cast<Uint16>(mods);
  SDL_PushEvent(&event);
}

// The letters that a key gives, which come as an event of their own.
inline void type_text(const char* utf8) {
  SDL_Event event{};
  event.type = SDL_TEXTINPUT;
  std::snprintf(event.text.text, sizeof event.text.text, "%s", utf8);
  SDL_PushEvent(&event);
}

struct Spot {
  int x = 0, y = 0;
};

inline void point_at(Spot spot) {
  SDL_Event event{};
  event.type = SDL_MOUSEMOTION;
  event.motion.x = spot.x, event.motion.y = spot.y;
  SDL_PushEvent(&event);
}

inline void press_button(bool down, Spot spot, int which = SDL_BUTTON_LEFT) {
  SDL_Event event{};
  event.type = down ? SDL_MOUSEBUTTONDOWN : SDL_MOUSEBUTTONUP;
  event.button.button = static_cast<Uint8>(which);
  event.button.x = spot.x, event.button.y = spot.y;
  SDL_PushEvent(&event);
}

inline void drop_file(const char* file) {
  SDL_Event event{};
  event.type = SDL_DROPFILE;
  event.drop.file = SDL_strdup(file);
  SDL_PushEvent(&event);
}

inline void close_window() {
  SDL_Event event{};
  event.type = SDL_QUIT;
  SDL_PushEvent(&event);
}

}  // namespace ombra::show
