#pragma once
// Keeps the picture when its display goes, by its cable or by the desktop's settings: a fullscreen window comes to a
// display that is there, and goes back to its own when that is there again. A show whose display is not there at its
// start waits for it like this. Thread: render only.

#include "gfx/desktop_displays.hpp"
#include "gfx/window.hpp"
#include "show/live/output_plan.hpp"

#include <string>

union SDL_Event;

namespace ombra::show {

class OutputDisplay {
 public:
  // awaited: the display that the window belongs on, fullscreen, and that is not there; "": it is where it belongs
  OutputDisplay(gfx::Window& window, const std::string& awaited);
  void event(const SDL_Event& event);
  // Once a frame. Looks at the desktop four times a second, and acts on what it finds the same twice, so that a display
  // which is only being set to another mode is not taken for gone.
  void step(double now_s);
  void toggle_fullscreen();
  // What the next show should begin with: the display that the picture belongs on, and whether it fills it.
  std::string name() const { return plan_.waiting() ? plan_.home().name : window_.display(); }
  bool fullscreen() const { return plan_.waiting() || window_.fullscreen(); }
  // -> what the operator should know, or empty
  std::string message() const;

 private:
  void act(const OutputPlan::Step& step);
  void follow(std::span<const Display> layout);
  void keep_in_view();

  gfx::Window& window_;
  gfx::DesktopDisplays desktop_;
  OutputPlan plan_;
  std::vector<Display> seen_, acted_;  // the layout when last looked at, and the one that was acted on
  double check_due_s_ = 0.0;           // when the displays are read again
  double settled_s_ = 0.0;             // until then the window manager may still move the window
};

}  // namespace ombra::show
