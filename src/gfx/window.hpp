#pragma once
// The output window with its OpenGL 4.3 core context, on a display or off-screen.
// Thread: render only; SDL wants it to be the main thread.

#include "core/deadline.hpp"
#include "gfx/gl.hpp"

#include <memory>
#include <string>

struct SDL_Window;

namespace ombra::gfx {

struct WindowOptions {
  std::string title = "Ombra";
  int width = 1280, height = 720;  // in points; see Window::width for pixels
  int display = -1;                // SDL's number; -1, or one that is not there: the desktop chooses
  bool fullscreen = false;
  bool vsync = true;
  bool offscreen = false;  // no window is shown: SDL's offscreen driver, else a hidden window on the display
};
// Around whatever asks the display server before there is a window: one that hangs ends the program with a sentence.
Deadline display_deadline();

// For an OpenGL context in which nothing but framebuffers is drawn.
WindowOptions context_only();

class Window {
 public:
  // Throws Error when there is no display (the hint names `ombra render`) or no OpenGL 4.3. Under
  // display_deadline().
  explicit Window(const WindowOptions& options);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  // size of the framebuffer in pixels, which moves when the user resizes the window
  int width() const;
  int height() const;
  // Its context is the current one again: for programs with several windows, before drawing here or deleting what was
  // drawn with.
  void make_current();
  // Shows what was drawn into framebuffer 0; waits for the display with vsync.
  void present();
  void set_fullscreen(bool fullscreen);  // borderless on the display that the window is on
  bool fullscreen() const { return fullscreen_; }
  std::string display() const;  // name of the display that it is on, "" where it has none
  // A picture stays for so many refreshes of the display; 0: pictures are shown as they come.
  void set_vsync(int refreshes);
  // refresh rate of the display in Hz; 60 where it is unknown
  double refresh_hz() const;

  bool offscreen() const { return offscreen_; }
  SDL_Window* handle() const;
  void* context() const;         // SDL_GLContext
  std::string renderer() const;  // "llvmpipe (LLVM 15...)", "NVIDIA ..."

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  bool offscreen_ = false, fullscreen_ = false;
};

}  // namespace ombra::gfx
