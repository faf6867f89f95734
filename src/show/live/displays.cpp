#include "show/live/displays.hpp"

#include "core/text.hpp"
#include "gfx/desktop_displays.hpp"

#include <SDL.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace ombra::show {
namespace {

bool same_letter(char a, char b) { return lower(a) == lower(b); }

void add_connectors(std::vector<Display>& displays) {
  for (const gfx::Connector& c : gfx::list_connectors()) {
    for (Display& d : displays) {
      const bool its = c.x == d.x && c.y == d.y && c.width == d.width && c.height == d.height;
      if (its && d.connector.empty()) d.connector = c.name, d.primary = c.primary;
    }
  }
}

}  // namespace

int find_display(std::span<const Display> displays, std::string_view wanted) {
  if (wanted.empty()) return -1;
  for (std::size_t i = 0; i < displays.size(); ++i) {
    if (displays[i].name == wanted) return static_cast<int>(i);
  }
  for (std::size_t i = 0; i < displays.size(); ++i) {
    if (displays[i].connector == wanted) return static_cast<int>(i);
  }
  std::size_t number = 0;
  const char* end = wanted.data() + wanted.size();
  if (const auto [stop, fault] = std::from_chars(wanted.data(), end, number); fault == std::errc{} && stop == end) {
    return number < displays.size() ? static_cast<int>(number) : -1;
  }
  for (std::size_t i = 0; i < displays.size(); ++i) {
    const std::string& name = displays[i].name;
    if (std::search(name.begin(), name.end(), wanted.begin(), wanted.end(), same_letter) != name.end())
      return static_cast<int>(i);
  }
  return -1;
}

bool same_area(const Display& a, const Display& b) {
  return a.x == b.x && a.y == b.y && a.width == b.width && a.height == b.height;
}

std::vector<Display> list_displays() {
  std::vector<Display> displays;
  const bool first = SDL_WasInit(SDL_INIT_VIDEO) == 0;
  if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) return displays;
  if (first && static_cast<int>(gfx::list_connectors().size()) > SDL_GetNumVideoDisplays()) {
    gfx::probe_connectors();
    SDL_QuitSubSystem(SDL_INIT_VIDEO);
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) return displays;
  }
  const char* driver = SDL_GetCurrentVideoDriver();
  const std::string_view in_use = driver ? driver : "";
  const bool shows = in_use != "offscreen" && in_use != "dummy" && in_use != "evdev";
  for (int i = 0; shows && i < SDL_GetNumVideoDisplays(); ++i) {
    SDL_DisplayMode mode{};
    SDL_GetDesktopDisplayMode(i, &mode);
    const char* name = SDL_GetDisplayName(i);
    SDL_Rect bounds{};
    SDL_GetDisplayBounds(i, &bounds);
    displays.push_back({name ? name : "unnamed", mode.w, mode.h, mode.refresh_rate, bounds.x, bounds.y});
  }
  add_connectors(displays);
  SDL_QuitSubSystem(SDL_INIT_VIDEO);
  return displays;
}

bool is_built_in(const Display& display) {
  const std::string& name = display.connector.empty() ? display.name : display.connector;
  return std::ranges::any_of(std::array{"eDP", "LVDS", "DSI"}, [&](std::string_view kind) {
    return name.size() >= kind.size() && std::equal(kind.begin(), kind.end(), name.begin(), same_letter);
  });
}

int operators_display(std::span<const Display> displays) {
  const auto number = [&](const auto& found) { return static_cast<int>(found - displays.begin()); };
  if (const auto own = std::ranges::find_if(displays, is_built_in); own != displays.end()) return number(own);
  if (const auto first = std::ranges::find(displays, true, &Display::primary); first != displays.end())
    return number(first);
  return displays.empty() ? -1 : 0;
}

}  // namespace ombra::show
