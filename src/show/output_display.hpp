#pragma once
// Keeps the picture when its display is unplugged: a fullscreen window comes to a display that is there, and goes back
// fullscreen to the next one that is plugged in.
// Thread: render only.

#include "gfx/window.hpp"

#include <string>

union SDL_Event;

namespace ombra::show {

class OutputDisplay {
 public:
  explicit OutputDisplay(gfx::Window& window) : window_(window) {}
  void event(const SDL_Event& event);
  void toggle_fullscreen();
  // -> what the operator should know, or empty
  std::string message() const;

 private:
  gfx::Window& window_;
  bool lost_ = false;
};

}  // namespace ombra::show
