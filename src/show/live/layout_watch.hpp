#pragma once
// The desktop's displays, as they are once they have come to rest: a display that is only being set to another mode is
// not taken for gone. Thread: render only.

#include "gfx/desktop_displays.hpp"
#include "show/live/displays.hpp"

#include <vector>

struct SDL_Window;

namespace ombra::show {

class LayoutWatch {
 public:
  enum class News {
    kNone,     // it is not yet time to look again, or the displays are being set up
    kSame,     // nothing has changed
    kChanged,  // layout() is another one from now on
  };

  // window: any of the show's, by which the desktop is asked.
  explicit LayoutWatch(SDL_Window* window);

  // Once a frame. Looks four times a second, and believes what it finds twice.
  News step(double now_s);
  // SDL has told of a change: look with the next step.
  void look() { due_s_ = 0.0; }
  const std::vector<Display>& layout() const { return layout_; }
  // Is it also what SDL counts by at this moment? Else numbers of displays are not to be used.
  bool rests() const { return seen_ == layout_; }

 private:
  gfx::DesktopDisplays desktop_;
  std::vector<Display> seen_, layout_;  // when last looked at, and at rest
  double due_s_ = 0.0;
};

}  // namespace ombra::show
