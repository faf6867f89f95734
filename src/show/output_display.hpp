#pragma once
// Keeps the picture when its display is unplugged: a fullscreen window comes to a display that is there, and goes back
// fullscreen to the next one that is plugged in. A show whose display is not there at its start waits for it like this.
// Thread: render only.

#include "gfx/window.hpp"

#include <string>

union SDL_Event;

namespace ombra::show {

class OutputDisplay {
 public:
  // awaited: the display that the window belongs on, fullscreen, and that is not there; "": it is where it belongs
  OutputDisplay(gfx::Window& window, const std::string& awaited);
  void event(const SDL_Event& event);
  void toggle_fullscreen();
  // What the next show should begin with: the display that the picture belongs on, and whether it fills it.
  std::string name() const { return lost_ ? name_ : window_.display(); }
  bool fullscreen() const { return lost_ || window_.fullscreen(); }
  // -> what the operator should know, or empty
  std::string message() const;

 private:
  gfx::Window& window_;
  bool lost_ = false;
  std::string name_;  // of the display that is lost, or was the last to be filled
};

}  // namespace ombra::show
