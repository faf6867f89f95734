#pragma once
// Windows of the show with their OpenGL 4.3 core contexts, on a display or off-screen. A further one shares textures,
// buffers and programs with the first; framebuffers and vertex arrays belong to the context that they were made in.
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
  bool maximised = false;  // as large as the desktop allows beside its bars
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
  // One more, which shares with `first`, whose context is current: covers options.display without a border. Its own
  // context is current then. Throws Error.
  Window(const WindowOptions& options, const Window& first);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  // size of the framebuffer in pixels, which moves when the user resizes the window
  int width() const;
  int height() const;
  // Framebuffer 0 is this window's from here on; also before what was drawn with is deleted.
  void make_current();
  // Shows what was drawn into framebuffer 0; waits for the display with vsync.
  void present();
  void set_fullscreen(bool fullscreen);  // borderless on the display that the window is on
  // Puts it into the middle of that display of SDL's list, windowed or fullscreen as it is.
  void move_to(int display);
  void maximise();
  // Is it as large as that display, where that is, and to be seen? For windows that cover one.
  bool covers(int display) const;
  // Covers it (again), whatever a window manager has done to the window.
  void cover(int display);
  void raise();  // above the others, and the keyboard is its
  bool has_keyboard() const;
  bool minimised() const;
  bool fullscreen() const { return fullscreen_; }
  int display_number() const;   // in SDL's list; -1: none
  std::string display() const;  // name of the display that it is on, "" where it has none
  // A picture stays for so many refreshes of the display; 0: pictures are shown as they come. Of the current window.
  void set_vsync(int refreshes);
  // refresh rate of the display in Hz; 60 where it is unknown
  double refresh_hz() const;

  bool offscreen() const { return offscreen_; }
  SDL_Window* handle() const;
  unsigned number() const;       // that events name it by
  void* context() const;         // SDL_GLContext
  std::string renderer() const;  // "llvmpipe (LLVM 15...)", "NVIDIA ..."

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  bool offscreen_ = false, fullscreen_ = false;
};

}  // namespace ombra::gfx
