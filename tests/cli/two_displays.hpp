#pragma once
// A desktop of the test's own that needs no hardware: cli/dummy_desktop.hpp with a window manager, a laptop's display
// with a projector to its right, and room for a third one. The test pulls and plugs their cables,
// presses keys, takes focus away, and looks at every pixel that the audience would see.
// Programs started while it lives find it through the environment, which is put back afterwards. All of it ends with
// the test, even with one that crashes. Thread: the test's main thread.

#include "cli/shot.hpp"

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace ombra::test {

inline constexpr Place kLaptop{0, 0, 1280, 720}, kProjector{1280, 0, 1920, 1080}, kThird{3200, 0, 800, 600};
inline constexpr const char *kLaptopName = "DUMMY0", *kProjectorName = "DUMMY1", *kThirdName = "DUMMY2";

struct DesktopWindow {
  unsigned long id = 0;
  std::string title;
  Place place;           // of its content, without the window manager's frame
  bool visible = false;  // mapped, and all that it lies in
};

class TwoDisplays {
 public:
  // -> a desktop with both displays on, or nothing and a word in why. folder: for its own files, log included
  static std::unique_ptr<TwoDisplays> start(const std::filesystem::path& folder, std::string& why);
  ~TwoDisplays();
  TwoDisplays(const TwoDisplays&) = delete;
  TwoDisplays& operator=(const TwoDisplays&) = delete;

  // the projector's cable
  void unplug();
  void plug();
  void plug_third();
  void unplug_third();
  // With the desktop's settings: where a display lies and which size it has.
  void set_display(const std::string& name, const Place& place);
  // -> of the display that lies there, "" where there is none
  std::string name_of(const Place& place) const;

  Shot shot(const Place& place);
  // The pointer goes there. -> is it seen there? (screenshots lack it)
  bool pointer_seen_at(int x, int y);

  // Those that a program has shown so far, hidden ones included.
  std::vector<DesktopWindow> windows_of(pid_t program);
  // -> the first number of a property of a window, 0 where there is none
  unsigned long property(unsigned long window, const char* name);
  // From now on, whatever happens to a window is counted.
  void watch(unsigned long window);
  struct Happened {
    int unmapped = 0;  // minimised, hidden or gone
    int placed = 0;    // moved or resized
  };
  Happened happened();

  // "F10", "ctrl+l": to the window that has the focus
  void key(const std::string& name);
  void click(int x, int y, int button = 1);
  // With the left button held, from one place to the other.
  void drag(int from_x, int from_y, int to_x, int to_y);
  // -> false: the window manager does not give it the focus
  bool focus(unsigned long window);
  unsigned long focused();
  // Another program's window on the laptop opens and takes the focus.
  bool focus_stranger();

  // As a window manager's own keys and menus do.
  void move(unsigned long window, const Place& place);
  void end_fullscreen(unsigned long window);
  void close(unsigned long window);

 private:
  TwoDisplays();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ombra::test
