#include "gfx/desktop_displays.hpp"

#include "core/log.hpp"

#include <SDL.h>
#include <SDL_syswm.h>

#ifdef SDL_VIDEO_DRIVER_X11
#include <X11/extensions/Xrandr.h>

#include <map>
#include <string_view>
#include <tuple>

namespace ombra::gfx {
namespace {

using Bounds = std::tuple<int, int, int, int>;  // x, y, width, height in pixels of the desktop
using Outputs = std::map<RROutput, Bounds>;     // those that show something

Outputs ask(Display* x) {
  Outputs outputs;
  int count = 0;
  XRRMonitorInfo* monitors = XRRGetMonitors(x, DefaultRootWindow(x), True, &count);
  for (int i = 0; monitors && i < count; ++i) {
    const XRRMonitorInfo& m = monitors[i];
    if (m.noutput > 0) outputs[m.outputs[0]] = {m.x, m.y, m.width, m.height};
  }
  if (monitors) XRRFreeMonitors(monitors);
  return outputs;
}

bool known_to_sdl(const Bounds& wanted) {
  for (int i = 0; i < SDL_GetNumVideoDisplays(); ++i) {
    SDL_Rect r{};
    if (SDL_GetDisplayBounds(i, &r) == 0 && Bounds{r.x, r.y, r.w, r.h} == wanted) return true;
  }
  return false;
}

Display* own_connection() {
  const char* driver = SDL_GetCurrentVideoDriver();
  static Display* const x = driver && std::string_view(driver) == "x11" ? XOpenDisplay(nullptr) : nullptr;
  return x;
}

void probe(Display* x) {
  XRRScreenResources* resources = XRRGetScreenResources(x, DefaultRootWindow(x));
  if (resources) XRRFreeScreenResources(resources);
}

}  // namespace

void probe_connectors() {
  if (Display* x = own_connection()) probe(x);
}

std::vector<Connector> list_connectors() {
  Display* const x = own_connection();
  std::vector<Connector> all;
  int count = 0, event = 0, fault = 0;
  if (!x || !XRRQueryExtension(x, &event, &fault)) return all;
  XRRMonitorInfo* monitors = XRRGetMonitors(x, DefaultRootWindow(x), True, &count);
  for (int i = 0; monitors && i < count; ++i) {
    const XRRMonitorInfo& m = monitors[i];
    char* name = XGetAtomName(x, m.name);
    all.push_back({name ? name : "", m.x, m.y, m.width, m.height, m.primary != 0});
    if (name) XFree(name);
  }
  if (monitors) XRRFreeMonitors(monitors);
  return all;
}

struct DesktopDisplays::Impl {
  Display* x = nullptr;
  int first_event = 0;
  Outputs told;  // what SDL believes

  // SDL takes it for news from the X server. The last one put back is read first.
  void put_back(RROutput output, Connection connection) const {
    XEvent event{};
    auto& change = reinterpret_cast<XRROutputChangeNotifyEvent&>(event);
    change.type = first_event + RRNotify;
    change.subtype = RRNotify_OutputChange;
    change.display = x;
    change.window = DefaultRootWindow(x);
    change.output = output;
    change.connection = connection;
    XPutBackEvent(x, &event);
  }
};

DesktopDisplays::DesktopDisplays(SDL_Window* window) {
  SDL_SysWMinfo info{};
  SDL_VERSION(&info.version);
  if (SDL_GetWindowWMInfo(window, &info) != SDL_TRUE || info.subsystem != SDL_SYSWM_X11) return;
  auto body = std::make_unique<Impl>();
  body->x = info.info.x11.display;
  int faults = 0, major = 0, minor = 0;
  if (!XRRQueryExtension(body->x, &body->first_event, &faults) || !XRRQueryVersion(body->x, &major, &minor) ||
      std::pair(major, minor) < std::pair(1, 5)) {
    log::debug("the X server cannot tell which displays are on");
    return;
  }
  for (const auto& [output, bounds] : ask(body->x)) {
    if (known_to_sdl(bounds)) body->told[output] = bounds;
  }
  impl_ = std::move(body);
}

void DesktopDisplays::refresh() {
  if (!impl_) return;
  Outputs now = ask(impl_->x);
  // SDL cannot be without any display; a desktop that has switched all of them off is about to switch one on
  if (now.empty() || now == impl_->told) return;
  probe(impl_->x);
  for (const auto& [output, bounds] : now) {
    const auto was = impl_->told.find(output);
    if (was != impl_->told.end() && was->second == bounds) continue;
    impl_->put_back(output, RR_Connected);
    impl_->put_back(output, RR_Disconnected);  // read first: SDL asks for the bounds of new displays only
  }
  for (const auto& [output, bounds] : impl_->told) {
    if (!now.contains(output)) impl_->put_back(output, RR_Disconnected);
  }
  impl_->told = std::move(now);
  SDL_PumpEvents();
}

#else

namespace ombra::gfx {

std::vector<Connector> list_connectors() { return {}; }
void probe_connectors() {}
struct DesktopDisplays::Impl {};
DesktopDisplays::DesktopDisplays(SDL_Window*) {}
void DesktopDisplays::refresh() {}

#endif

DesktopDisplays::~DesktopDisplays() = default;

}  // namespace ombra::gfx
