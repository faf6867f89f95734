#pragma once
// Keeps SDL's list of displays true while the show runs. SDL 2 on X11 hears of a cable that is pulled or plugged in,
// but not of an output that the desktop's settings switch off, on, or to another place: its list stays as it was at the
// start, and a window cannot be put where SDL knows no display. So the X server is asked, and SDL is told about the
// outputs that have changed, as events of the kind that it obeys. On Wayland, and off-screen, SDL's own list is true
// and nothing is done. Thread: render only.

#include <memory>
#include <string>
#include <vector>

struct SDL_Window;

namespace ombra::gfx {

// A socket with a display that is on, and where on the desktop it shows what.
struct Connector {
  std::string name;  // "HDMI-1", "eDP-1"
  int x = 0, y = 0, width = 0, height = 0;
  bool primary = false;  // the desktop's first
};
// -> those of the X server that SDL shows on; elsewhere none. Asks by a connection of its own, kept for the next time.
std::vector<Connector> list_connectors();
// Has the X server look at all sockets, which takes some of them tenths of a second: one that has not looked by itself
// shows pictures on a display that SDL holds for unplugged.
void probe_connectors();

class DesktopDisplays {
 public:
  explicit DesktopDisplays(SDL_Window* window);
  ~DesktopDisplays();
  DesktopDisplays(const DesktopDisplays&) = delete;
  DesktopDisplays& operator=(const DesktopDisplays&) = delete;

  // Asks the X server, one question of about 0.1 ms; a few times a second is enough. Afterwards SDL's list is true.
  void refresh();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;  // null where SDL needs no help
};

}  // namespace ombra::gfx
