#include "show/displays.hpp"

#include <SDL.h>

namespace ombra::show {

std::vector<Display> list_displays() {
  std::vector<Display> displays;
  if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) return displays;
  for (int i = 0; i < SDL_GetNumVideoDisplays(); ++i) {
    SDL_DisplayMode mode{};
    SDL_GetDesktopDisplayMode(i, &mode);
    const char* name = SDL_GetDisplayName(i);
    displays.push_back({name ? name : "unnamed", mode.w, mode.h, mode.refresh_rate});
  }
  SDL_QuitSubSystem(SDL_INIT_VIDEO);
  return displays;
}

}  // namespace ombra::show
