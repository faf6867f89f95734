#include "cli/two_displays.hpp"

#include "audio/pulse_sink.hpp"
#include "cli/measure/dummy_desktop.hpp"
#include "core/clock.hpp"

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/Xfixes.h>
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <sstream>
#include <utility>

namespace ombra::test {
namespace {

constexpr const char* kDesktop = "4480x1440";  // pixels; room for three displays
constexpr double kAnswerS = 5.0;               // of the server and the window manager

cli::DisplaySize size_of(const Place& place) { return {place.width, place.height}; }

std::string mode_name(const Place& place) { return fmt::format("ombra{}x{}", place.width, place.height); }

bool run_tool(const std::string& tool, const std::string& words, const std::string& log) {
  std::vector<std::string> all = {find_program(tool)};
  std::istringstream in(words);
  for (std::string word; in >> word;) all.push_back(word);
  Process process(all, log);
  return process.wait(kAnswerS) && process.exit_code() == 0;
}

// A window may be gone before it is asked about: that is no reason to end the test.
int ignore_error(Display*, XErrorEvent*) { return 0; }

}  // namespace

struct TwoDisplays::Impl {
  std::filesystem::path folder;
  std::unique_ptr<cli::DummyDesktop> server;
  std::unique_ptr<Process> manager;
  Display* x = nullptr;
  Window root = 0, stranger = 0;
  std::vector<Window> watched;
  Happened happened;
  std::vector<std::string> modes;
  std::map<std::string, Place> displays;  // that were set, by name

  ~Impl() {
    if (x) XCloseDisplay(x);
    manager.reset();
    server.reset();
  }

  std::string log(const std::string& of) const { return (folder / (of + ".log")).string(); }
  bool randr(const std::string& words) const { return run_tool("xrandr", words, log("xrandr")); }
  // The desktop's size stays: the dummy card leaves nothing but stripes of its picture when that changes.
  void set_output(const std::string& words) const { randr(fmt::format("--fb {} --output {}", kDesktop, words)); }
  Atom atom(const char* name) const { return XInternAtom(x, name, False); }

  template <class Is>
  bool until(const Is& is) const {
    for (const double end_s = now_s() + kAnswerS; now_s() < end_s; ::poll(nullptr, 0, 20)) {
      if (is()) return true;
    }
    return false;
  }

  // -> the first number of a property, 0 where there is none
  unsigned long property(Window window, const char* name) const {
    Atom type = 0;
    int format = 0;
    unsigned long count = 0, rest = 0, value = 0;
    unsigned char* data = nullptr;
    if (XGetWindowProperty(x, window, atom(name), 0, 1, False, AnyPropertyType, &type, &format, &count, &rest, &data) ==
            Success &&
        data && count > 0 && format == 32)
      std::memcpy(&value, data, sizeof value);
    if (data) XFree(data);
    return value;
  }
  std::string title(Window window) const {
    char* name = nullptr;
    std::string text;
    if (XFetchName(x, window, &name) && name) text = name;
    if (name) XFree(name);
    return text;
  }
  std::vector<Window> children(Window window) const {
    Window root_of = 0, parent = 0, *list = nullptr;
    unsigned count = 0;
    std::vector<Window> found;
    if (XQueryTree(x, window, &root_of, &parent, &list, &count) && list) found.assign(list, list + count);
    if (list) XFree(list);
    return found;
  }
  Window parent(Window window) const {
    Window root_of = 0, parent = 0, *list = nullptr;
    unsigned count = 0;
    if (!XQueryTree(x, window, &root_of, &parent, &list, &count)) return 0;
    if (list) XFree(list);
    return parent;
  }
  void find(Window in, unsigned long program, std::vector<DesktopWindow>& found) const {
    for (const Window each : children(in)) {
      if (property(each, "_NET_WM_PID") != program) {
        find(each, program, found);
        continue;
      }
      XWindowAttributes a{};
      int at_x = 0, at_y = 0;
      Window ignored = 0;
      if (!XGetWindowAttributes(x, each, &a) || !XTranslateCoordinates(x, each, root, 0, 0, &at_x, &at_y, &ignored))
        continue;
      found.push_back({each, title(each), {at_x, at_y, a.width, a.height}, a.map_state == IsViewable});
    }
  }

  void tell_manager(Window window, const char* what, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0) const {
    XEvent event{};
    event.xclient.type = ClientMessage;
    event.xclient.window = window;
    event.xclient.message_type = atom(what);
    event.xclient.format = 32;
    const long data[] = {a, b, c, d, e};
    std::copy(std::begin(data), std::end(data), event.xclient.data.l);
    XSendEvent(x, root, False, SubstructureNotifyMask | SubstructureRedirectMask, &event);
    XFlush(x);
  }

  void read_events() {
    while (XPending(x) > 0) {
      XEvent event{};
      XNextEvent(x, &event);
      happened.unmapped += event.type == UnmapNotify || event.type == DestroyNotify;
      happened.placed += event.type == ConfigureNotify;
    }
  }

  void make_mode(const std::string& display, const Place& place) {
    const std::string name = mode_name(place);
    if (std::find(modes.begin(), modes.end(), name) == modes.end()) {
      randr(fmt::format("--newmode {} {}", name, cli::dummy_mode(size_of(place))));
      modes.push_back(name);
    }
    randr(fmt::format("--addmode {} {}", display, name));
  }

  // A display without a mode is not connected.
  void unplug(const std::string& display, const Place& place) {
    set_output(fmt::format("{} --off", display));
    randr(fmt::format("--delmode {} {}", display, mode_name(place)));
  }

  // -> "", or why not
  std::string start_server() {
    std::string why;
    server = cli::DummyDesktop::start(size_of(kLaptop), size_of(kProjector), folder, why);
    if (!server) return why;
    x = XOpenDisplay(nullptr);
    if (!x) return "the X server does not answer";
    XSetErrorHandler(ignore_error);
    root = DefaultRootWindow(x);
    return "";
  }

  bool start_manager() {
    manager = std::make_unique<Process>(
        std::vector<std::string>{"/usr/bin/env", "HOME=" + folder.string(), "XDG_CONFIG_HOME=" + folder.string(),
                                 "XDG_CACHE_HOME=" + folder.string(), find_program("openbox"), "--sm-disable"},
        log("openbox"));
    return until([&] {
      const Window check = property(root, "_NET_SUPPORTING_WM_CHECK");
      return check != 0 && property(check, "_NET_SUPPORTING_WM_CHECK") == check;
    });
  }
};

TwoDisplays::TwoDisplays() : impl_(std::make_unique<Impl>()) {}
TwoDisplays::~TwoDisplays() = default;

std::unique_ptr<TwoDisplays> TwoDisplays::start(const std::filesystem::path& folder, std::string& why) {
  for (const char* program : {"Xorg", "openbox", "xrandr", "xdotool"}) {
    if (!find_program(program).empty()) continue;
    why = std::string(program) + " is not installed";
    return nullptr;
  }
  std::unique_ptr<TwoDisplays> desktop(new TwoDisplays);
  Impl& impl = *desktop->impl_;
  impl.folder = folder;
  why = impl.start_server();
  if (!why.empty()) return nullptr;
  impl.displays[kLaptopName] = kLaptop;
  desktop->plug();
  if (!impl.start_manager()) {
    why = "openbox does not start";
    return nullptr;
  }
  return desktop;
}

std::string TwoDisplays::name_of(const Place& place) const {
  for (const auto& [name, lies] : impl_->displays) {
    if (lies == place) return name;
  }
  return "";
}

void TwoDisplays::set_display(const std::string& name, const Place& place) {
  impl_->displays[name] = place;
  impl_->make_mode(name, place);
  impl_->set_output(fmt::format("{} --mode {} --pos {}x{}", name, mode_name(place), place.x, place.y));
  impl_->randr("--query");  // has the server look at its sockets, as it does by itself when a real cable is plugged in
}

void TwoDisplays::unplug() { impl_->unplug(kProjectorName, kProjector); }
void TwoDisplays::plug() { set_display(kProjectorName, kProjector); }
void TwoDisplays::plug_third() { set_display(kThirdName, kThird); }
void TwoDisplays::unplug_third() { impl_->unplug(kThirdName, kThird); }

Shot TwoDisplays::shot(const Place& place) {
  Shot shot;
  XImage* image = XGetImage(impl_->x, impl_->root, place.x, place.y, static_cast<unsigned>(place.width),
                            static_cast<unsigned>(place.height), AllPlanes, ZPixmap);
  if (!image) return shot;
  shot.width = place.width, shot.height = place.height;
  shot.rgb.resize(3 * static_cast<std::size_t>(place.width) * static_cast<std::size_t>(place.height));
  std::uint8_t* to = shot.rgb.data();
  for (int y = 0; y < place.height; ++y) {
    const char* from = image->data + static_cast<std::ptrdiff_t>(y) * image->bytes_per_line;
    for (int x = 0; x < place.width; ++x, from += 4, to += 3) {
      std::uint32_t pixel = 0;  // 0xrrggbb in a depth of 24
      std::memcpy(&pixel, from, sizeof pixel);
      to[0] = static_cast<std::uint8_t>(pixel >> 16), to[1] = static_cast<std::uint8_t>(pixel >> 8);
      to[2] = static_cast<std::uint8_t>(pixel);
    }
  }
  XDestroyImage(image);
  return shot;
}

bool TwoDisplays::pointer_seen_at(int x, int y) {
  run_tool("xdotool", fmt::format("mousemove {} {}", x, y), impl_->log("xdotool"));
  ::poll(nullptr, 0, 300);  // whoever shows another one does so when it comes
  XFixesCursorImage* image = XFixesGetCursorImage(impl_->x);
  if (!image) return false;
  bool seen = false;
  for (int i = 0; i < image->width * image->height; ++i) seen |= (image->pixels[i] >> 24 & 0xff) != 0;
  XFree(image);
  return seen;
}

std::vector<DesktopWindow> TwoDisplays::windows_of(pid_t program) {
  std::vector<DesktopWindow> found;
  impl_->find(impl_->root, static_cast<unsigned long>(program), found);
  return found;
}

unsigned long TwoDisplays::property(unsigned long window, const char* name) { return impl_->property(window, name); }

void TwoDisplays::watch(unsigned long window) {
  for (Window each = window; each != 0 && each != impl_->root; each = impl_->parent(each))
    XSelectInput(impl_->x, each, StructureNotifyMask);
  XSync(impl_->x, False);
  impl_->read_events();
  impl_->happened = {};
}

TwoDisplays::Happened TwoDisplays::happened() {
  XSync(impl_->x, False);
  impl_->read_events();
  return impl_->happened;
}

void TwoDisplays::key(const std::string& name) { run_tool("xdotool", "key " + name, impl_->log("xdotool")); }

void TwoDisplays::click(int x, int y, int button) {
  run_tool("xdotool", fmt::format("mousemove {} {} click {}", x, y, button), impl_->log("xdotool"));
}

void TwoDisplays::drag(int from_x, int from_y, int to_x, int to_y) {
  const auto step = [this](const std::string& words) {
    run_tool("xdotool", words, impl_->log("xdotool"));
    ::poll(nullptr, 0, 300);
  };
  step(fmt::format("mousemove {} {}", from_x, from_y));
  step("mousedown 1");
  step(fmt::format("mousemove {} {}", (from_x + to_x) / 2, (from_y + to_y) / 2));
  step(fmt::format("mousemove {} {}", to_x, to_y));
  step("mouseup 1");
}

unsigned long TwoDisplays::focused() {
  Window window = 0;
  int ignored = 0;
  XGetInputFocus(impl_->x, &window, &ignored);
  return window;
}

bool TwoDisplays::focus(unsigned long window) {
  impl_->tell_manager(window, "_NET_ACTIVE_WINDOW", 2, CurrentTime);
  return impl_->until([&] { return focused() == window; });
}

bool TwoDisplays::focus_stranger() {
  if (impl_->stranger == 0) {
    impl_->stranger = XCreateSimpleWindow(impl_->x, impl_->root, 900, 500, 240, 120, 0, 0, 0x204060);
    XStoreName(impl_->x, impl_->stranger, "another program");
    XWMHints hints{};
    hints.flags = InputHint, hints.input = True;
    XSetWMHints(impl_->x, impl_->stranger, &hints);
    XSizeHints where{};
    where.flags = USPosition;
    XSetWMNormalHints(impl_->x, impl_->stranger, &where);
    XMapRaised(impl_->x, impl_->stranger);
    XSync(impl_->x, False);
    ::poll(nullptr, 0, 200);
  }
  return focus(impl_->stranger);
}

void TwoDisplays::move(unsigned long window, const Place& place) {
  constexpr long kAllAndByAPager = 0xf00 | 2 << 12;
  impl_->tell_manager(window, "_NET_MOVERESIZE_WINDOW", kAllAndByAPager, place.x, place.y, place.width, place.height);
  XSync(impl_->x, False);
}

void TwoDisplays::end_fullscreen(unsigned long window) {
  impl_->tell_manager(window, "_NET_WM_STATE", 0, static_cast<long>(impl_->atom("_NET_WM_STATE_FULLSCREEN")), 0, 2);
}

void TwoDisplays::close(unsigned long window) { impl_->tell_manager(window, "_NET_CLOSE_WINDOW", CurrentTime, 2); }

}  // namespace ombra::test
