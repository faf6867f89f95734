#pragma once
// Keeps the picture of a show with one window when its display goes, by its cable or by the desktop's settings: a
// fullscreen window comes to a display that is there, and goes back to its own when that is there again. A show whose
// display is not there at its start waits for it like this. Thread: render only.

#include "gfx/window.hpp"
#include "show/live/layout_watch.hpp"
#include "show/live/output_plan.hpp"

#include <string>

namespace ombra::show {

class OutputDisplay {
 public:
  // awaited: the display that the window belongs on, fullscreen, and that is not there; "": it is where it belongs
  OutputDisplay(gfx::Window& window, const std::string& awaited, std::span<const Display> layout);
  // Once a frame, with what LayoutWatch says then.
  void step(double now_s, LayoutWatch::News news, std::span<const Display> layout);
  void toggle_fullscreen(std::span<const Display> layout);
  // It waits for no display any more.
  void forget() { plan_.window(); }
  // What the next show should begin with: the display that the picture belongs on, and whether it fills it.
  std::string name() const { return plan_.waiting() ? plan_.home().name : window_.display(); }
  bool fullscreen() const { return plan_.waiting() || window_.fullscreen(); }
  // -> what the operator should know, or empty
  std::string message() const;

 private:
  void act(const OutputPlan::Step& step, std::span<const Display> layout);
  void follow(std::span<const Display> layout);
  void keep_in_view(std::span<const Display> layout);

  gfx::Window& window_;
  OutputPlan plan_;
  double settled_s_ = 0.0;  // until then the window manager may still move the window
};

}  // namespace ombra::show
