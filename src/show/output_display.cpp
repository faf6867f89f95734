#include "show/output_display.hpp"

#include <SDL.h>

namespace ombra::show {

OutputDisplay::OutputDisplay(gfx::Window& window, const std::string& awaited)
    : window_(window), lost_(!awaited.empty()), name_(lost_ ? awaited : window.display()) {}

void OutputDisplay::event(const SDL_Event& event) {
  if (event.type != SDL_DISPLAYEVENT) return;
  SDL_Window* window = window_.handle();
  if (event.display.event == SDL_DISPLAYEVENT_DISCONNECTED && window_.fullscreen() && !lost_) {
    lost_ = true;
    window_.set_fullscreen(false);
    SDL_SetWindowPosition(window, SDL_WINDOWPOS_CENTERED_DISPLAY(0), SDL_WINDOWPOS_CENTERED_DISPLAY(0));
  } else if (event.display.event == SDL_DISPLAYEVENT_CONNECTED && lost_) {
    lost_ = false;
    const int display = static_cast<int>(event.display.display);
    SDL_SetWindowPosition(window, static_cast<int>(SDL_WINDOWPOS_CENTERED_DISPLAY(display)),
                          static_cast<int>(SDL_WINDOWPOS_CENTERED_DISPLAY(display)));
    window_.set_fullscreen(true);
    name_ = window_.display();
  }
}

void OutputDisplay::toggle_fullscreen() {
  lost_ = false;
  window_.set_fullscreen(!window_.fullscreen());
  name_ = window_.display();
}

std::string OutputDisplay::message() const {
  return lost_ ? "The display " + name_ + " is not there: the picture is here until it is" : "";
}

}  // namespace ombra::show
