#include "show/displays.hpp"

#include <SDL.h>

#include <string_view>

namespace ombra::show {

std::vector<Display> list_displays() {
  std::vector<Display> displays;
  if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) return displays;
  const char* driver = SDL_GetCurrentVideoDriver();
  const std::string_view in_use = driver ? driver : "";
  const bool shows = in_use != "offscreen" && in_use != "dummy" && in_use != "evdev";
  for (int i = 0; shows && i < SDL_GetNumVideoDisplays(); ++i) {
    SDL_DisplayMode mode{};
    SDL_GetDesktopDisplayMode(i, &mode);
    const char* name = SDL_GetDisplayName(i);
    displays.push_back({name ? name : "unnamed", mode.w, mode.h, mode.refresh_rate});
  }
  SDL_QuitSubSystem(SDL_INIT_VIDEO);
  return displays;
}

}  // namespace ombra::show
