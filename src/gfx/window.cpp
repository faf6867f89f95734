#include "gfx/window.hpp"

#include "core/error.hpp"
#include "core/log.hpp"

#include <SDL.h>

#include <cstdlib>
#include <string_view>

namespace ombra::gfx {
namespace {

constexpr int kMajor = 4, kMinor = 3;
// a graphics driver with its compiler is 150 MB, read from whatever disk there is
constexpr std::chrono::seconds kDriverLimit{30};

const char* display_name() {
  for (const char* name : {"WAYLAND_DISPLAY", "DISPLAY"}) {
    if (const char* value = std::getenv(name); value != nullptr && *value != 0) return value;
  }
  return "of this desktop";
}

// The video part of SDL, started once per window and stopped with it (SDL counts).
class Video {
 public:
  // driver "": the desktop's
  explicit Video(const char* driver) {
    SDL_SetHintWithPriority(SDL_HINT_VIDEODRIVER, *driver ? driver : std::getenv("SDL_VIDEODRIVER"), SDL_HINT_OVERRIDE);
    SDL_SetHint(SDL_HINT_VIDEO_MINIMIZE_ON_FOCUS_LOSS, "0");
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "1");
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    started_ = SDL_InitSubSystem(SDL_INIT_VIDEO) == 0;
    if (!started_) reason_ = SDL_GetError();
  }
  ~Video() {
    if (started_) SDL_QuitSubSystem(SDL_INIT_VIDEO);
  }
  Video(const Video&) = delete;
  Video& operator=(const Video&) = delete;

  bool started() const { return started_; }
  const std::string& reason() const { return reason_; }
  // SDL falls back to drivers that show nothing; that counts as a display only when they were asked for.
  bool shows() const {
    const char* driver = started_ ? SDL_GetCurrentVideoDriver() : nullptr;
    return driver != nullptr && std::string_view(driver) != "offscreen" && std::string_view(driver) != "dummy";
  }

 private:
  bool started_ = false;
  std::string reason_;
};

}  // namespace

struct Window::Impl {
  std::unique_ptr<Video> video;
  SDL_Window* window = nullptr;
  SDL_GLContext context = nullptr;
  std::string reason;

  ~Impl() {
    if (context != nullptr) SDL_GL_DeleteContext(context);
    if (window != nullptr) SDL_DestroyWindow(window);
  }

  static void ask_for_context() {
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, kMajor);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, kMinor);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_CORE);
    SDL_GL_SetAttribute(SDL_GL_DOUBLEBUFFER, 1);
    SDL_GL_SetAttribute(SDL_GL_DEPTH_SIZE, 0);
#ifdef OMBRA_ASSERTS
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_FLAGS, SDL_GL_CONTEXT_DEBUG_FLAG);
#endif
  }

  // -> false and reason set
  bool open(const WindowOptions& options, unsigned flags) {
    ask_for_context();
    const int place = options.display < 0 ? static_cast<int>(SDL_WINDOWPOS_CENTERED)
                                          : static_cast<int>(SDL_WINDOWPOS_CENTERED_DISPLAY(options.display));
    window = SDL_CreateWindow(options.title.c_str(), place, place, options.width, options.height,
                              SDL_WINDOW_OPENGL | SDL_WINDOW_ALLOW_HIGHDPI | flags |
                                  (options.maximised ? static_cast<unsigned>(SDL_WINDOW_MAXIMIZED) : 0u));
    if (window == nullptr) {
      reason = SDL_GetError();
      return false;
    }
    context = SDL_GL_CreateContext(window);
    if (context == nullptr) {
      reason = SDL_GetError();
      SDL_DestroyWindow(window);
      window = nullptr;
      return false;
    }
    return true;
  }
};

Deadline display_deadline() {
  return {kDriverLimit,
          fmt::format("the display {} has not answered for {} s\nhint: log in to the desktop again, or start the X or "
                      "Wayland server anew; `ombra render SONG -o OUT.mp4` makes a video without one",
                      display_name(), kDriverLimit.count())};
}

WindowOptions context_only() {
  WindowOptions w;
  w.width = w.height = 64;
  w.vsync = false;
  w.offscreen = true;
  return w;
}

Window::Window(const WindowOptions& options) : impl_(std::make_unique<Impl>()), offscreen_(options.offscreen) {
  const Deadline deadline = display_deadline();
  bool open = false;
  std::string reason;
  if (offscreen_) {
    impl_->video = std::make_unique<Video>("offscreen");
    open = impl_->video->started() && impl_->open(options, SDL_WINDOW_HIDDEN);
    if (!open) {
      reason = impl_->video->started() ? impl_->reason : impl_->video->reason();
      impl_->video.reset();
      log::debug("no off-screen driver ({}), trying a hidden window", reason);
    }
  }
  if (!open) {
    impl_->video = std::make_unique<Video>("");
    const bool asked = std::getenv("SDL_VIDEODRIVER") != nullptr;
    if (!impl_->video->started() || !(impl_->video->shows() || asked)) {
      throw error(
          "no display: {}\nhint: `ombra render SONG -o OUT.mp4` makes a video without one; over ssh, set DISPLAY",
          impl_->video->started() ? "no X11 or Wayland desktop was found" : impl_->video->reason());
    }
    open = impl_->open(options, offscreen_ ? SDL_WINDOW_HIDDEN : SDL_WINDOW_RESIZABLE);
    reason = impl_->reason;
  }
  if (!open || SDL_GL_MakeCurrent(impl_->window, impl_->context) != 0 || epoxy_gl_version() < 10 * kMajor + kMinor) {
    throw error(
        "this computer's graphics driver has no OpenGL {}.{} ({})\nhint: update the driver, or try software OpenGL: "
        "LIBGL_ALWAYS_SOFTWARE=1",
        kMajor, kMinor, reason.empty() ? "it is older" : reason);
  }
#ifdef OMBRA_ASSERTS
  log_gl_messages();
#endif
  set_vsync(options.vsync ? 1 : 0);
  if (options.fullscreen) set_fullscreen(true);
  log::debug("OpenGL {} on {}", reinterpret_cast<const char*>(glGetString(GL_VERSION)), renderer());
}

Window::Window(const WindowOptions& options, const Window& first)
    : impl_(std::make_unique<Impl>()), offscreen_(options.offscreen), fullscreen_(!options.offscreen) {
  Impl::ask_for_context();
  SDL_Rect place{SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, options.width, options.height};
  if (!offscreen_) SDL_GetDisplayBounds(options.display, &place);
  const unsigned shown =
      offscreen_ ? SDL_WINDOW_HIDDEN : SDL_WINDOW_BORDERLESS | SDL_WINDOW_FULLSCREEN_DESKTOP | SDL_WINDOW_SKIP_TASKBAR;
  impl_->window = SDL_CreateWindow(options.title.c_str(), place.x, place.y, place.w, place.h,
                                   SDL_WINDOW_OPENGL | SDL_WINDOW_ALLOW_HIGHDPI | shown);
  SDL_GL_SetAttribute(SDL_GL_SHARE_WITH_CURRENT_CONTEXT, 1);
  if (impl_->window != nullptr) impl_->context = SDL_GL_CreateContext(impl_->window);
  SDL_GL_SetAttribute(SDL_GL_SHARE_WITH_CURRENT_CONTEXT, 0);
  if (impl_->context == nullptr || SDL_GL_MakeCurrent(impl_->window, impl_->context) != 0) {
    const std::string reason = SDL_GetError();
    SDL_GL_MakeCurrent(first.impl_->window, first.impl_->context);
    throw error("no window for the picture: {}", reason);
  }
  set_vsync(options.vsync ? 1 : 0);
}

Window::~Window() = default;

int Window::width() const {
  int width = 0;
  SDL_GL_GetDrawableSize(impl_->window, &width, nullptr);
  return width;
}

int Window::height() const {
  int height = 0;
  SDL_GL_GetDrawableSize(impl_->window, nullptr, &height);
  return height;
}

void Window::make_current() { SDL_GL_MakeCurrent(impl_->window, impl_->context); }

void Window::present() { SDL_GL_SwapWindow(impl_->window); }

void Window::set_fullscreen(bool fullscreen) {
  if (offscreen_ || SDL_SetWindowFullscreen(impl_->window, fullscreen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0) != 0) return;
  fullscreen_ = fullscreen;
  SDL_ShowCursor(fullscreen ? SDL_DISABLE : SDL_ENABLE);
}

void Window::move_to(int display) {
  const bool filled = fullscreen_, large = (SDL_GetWindowFlags(impl_->window) & SDL_WINDOW_MAXIMIZED) != 0;
  if (filled) set_fullscreen(false);
  if (large) SDL_RestoreWindow(impl_->window);  // window managers leave maximised ones where they are
  const auto middle = static_cast<int>(SDL_WINDOWPOS_CENTERED_DISPLAY(display));
  SDL_SetWindowPosition(impl_->window, middle, middle);
  if (large) SDL_MaximizeWindow(impl_->window);
  if (filled) set_fullscreen(true);
}

void Window::maximise() { SDL_MaximizeWindow(impl_->window); }

void Window::raise() { SDL_RaiseWindow(impl_->window); }

bool Window::has_keyboard() const { return SDL_GetKeyboardFocus() == impl_->window; }

bool Window::minimised() const { return (SDL_GetWindowFlags(impl_->window) & SDL_WINDOW_MINIMIZED) != 0; }

bool Window::covers(int display) const {
  SDL_Rect wanted{}, is{};
  if (SDL_GetDisplayBounds(display, &wanted) != 0) return false;
  SDL_GetWindowPosition(impl_->window, &is.x, &is.y);
  SDL_GetWindowSize(impl_->window, &is.w, &is.h);
  const unsigned flags = SDL_GetWindowFlags(impl_->window);
  const char* driver = SDL_GetCurrentVideoDriver();
  if (!driver || std::string_view(driver) != "x11") {  // Wayland tells no places
    if (display_number() != display) return false;
    is.x = wanted.x, is.y = wanted.y;
  }
  return SDL_RectEquals(&wanted, &is) == SDL_TRUE && (flags & SDL_WINDOW_SHOWN) != 0 &&
         (flags & SDL_WINDOW_MINIMIZED) == 0;
}

void Window::cover(int display) {
  SDL_Rect wanted{};
  if (SDL_GetDisplayBounds(display, &wanted) != 0) return;
  if (minimised()) SDL_RestoreWindow(impl_->window);
  SDL_SetWindowFullscreen(impl_->window, 0);
  SDL_SetWindowPosition(impl_->window, wanted.x, wanted.y);
  SDL_SetWindowSize(impl_->window, wanted.w, wanted.h);
  SDL_SetWindowFullscreen(impl_->window, SDL_WINDOW_FULLSCREEN_DESKTOP);
  SDL_ShowWindow(impl_->window);
}

void Window::set_vsync(int refreshes) {
  if (offscreen_) refreshes = 0;
  // adaptive first: a frame that is a little late is shown at once instead of waiting for the next refresh
  if (refreshes == 1 && SDL_GL_SetSwapInterval(-1) == 0) return;
  if (SDL_GL_SetSwapInterval(refreshes) != 0 && refreshes > 1) SDL_GL_SetSwapInterval(1);
}

int Window::display_number() const { return SDL_GetWindowDisplayIndex(impl_->window); }

std::string Window::display() const {
  const int display = display_number();
  const char* name = display >= 0 ? SDL_GetDisplayName(display) : nullptr;
  return name != nullptr ? name : "";
}

double Window::refresh_hz() const {
  SDL_DisplayMode mode{};
  const int display = display_number();
  return display >= 0 && SDL_GetCurrentDisplayMode(display, &mode) == 0 && mode.refresh_rate > 0 ? mode.refresh_rate
                                                                                                 : 60.0;
}

SDL_Window* Window::handle() const { return impl_->window; }
unsigned Window::number() const { return SDL_GetWindowID(impl_->window); }
void* Window::context() const { return impl_->context; }
std::string Window::renderer() const { return reinterpret_cast<const char*>(glGetString(GL_RENDERER)); }

}  // namespace ombra::gfx
