#include "show/live/output_display.hpp"

#include "core/log.hpp"

#include <SDL.h>
#include <fmt/format.h>

namespace ombra::show {
namespace {

constexpr double kCheckEveryS = 0.25, kSettleS = 2.0;

bool inside(SDL_Window* window, std::span<const Display> layout) {
  int x = 0, y = 0, width = 0, height = 0;
  SDL_GetWindowPosition(window, &x, &y);
  SDL_GetWindowSize(window, &width, &height);
  x += width / 2, y += height / 2;
  for (const Display& d : layout) {
    if (x >= d.x && x < d.x + d.width && y >= d.y && y < d.y + d.height) return true;
  }
  return false;
}

void place(SDL_Window* window, int display) {
  const auto middle = static_cast<int>(SDL_WINDOWPOS_CENTERED_DISPLAY(display));
  SDL_SetWindowPosition(window, middle, middle);
}

}  // namespace

OutputDisplay::OutputDisplay(gfx::Window& window, const std::string& awaited)
    : window_(window), desktop_(window.handle()), plan_(awaited) {
  desktop_.refresh();
  seen_ = acted_ = list_displays();
  follow(acted_);
  act(plan_.layout(acted_));
}

void OutputDisplay::event(const SDL_Event& event) {
  if (event.type == SDL_DISPLAYEVENT) check_due_s_ = 0.0;
}

// Where the operator, or the window manager's keys, have put the window since.
void OutputDisplay::follow(std::span<const Display> layout) {
  if (plan_.waiting()) return;
  const int on = SDL_GetWindowDisplayIndex(window_.handle());
  if (window_.fullscreen() && on >= 0 && static_cast<std::size_t>(on) < layout.size()) {
    plan_.fill(layout[static_cast<std::size_t>(on)]);
  } else {
    plan_.window();
  }
}

void OutputDisplay::step(double now_s) {
  if (now_s < check_due_s_) return;
  check_due_s_ = now_s + kCheckEveryS;
  desktop_.refresh();
  std::vector<Display> layout = list_displays();
  const bool rests = layout == seen_;
  seen_ = std::move(layout);
  if (!rests) return;
  if (seen_ == acted_) {
    if (now_s < settled_s_) keep_in_view();
    return follow(seen_);
  }
  acted_ = seen_;
  settled_s_ = now_s + kSettleS;
  act(plan_.layout(acted_));
}

// A window manager that gives a window its old place back does so when it pleases, and that place may be gone.
void OutputDisplay::keep_in_view() {
  if (!window_.fullscreen() && !acted_.empty() && !inside(window_.handle(), acted_)) place(window_.handle(), 0);
}

void OutputDisplay::act(const OutputPlan::Step& step) {
  SDL_Window* window = window_.handle();
  if (step.act == OutputPlan::Act::kStay) return keep_in_view();
  window_.set_fullscreen(false);
  place(window, step.display);
  if (step.act == OutputPlan::Act::kFill) window_.set_fullscreen(true);
  log::info("{}",
            step.act == OutputPlan::Act::kFill ? fmt::format("the picture fills {}", plan_.home().name) : message());
}

void OutputDisplay::toggle_fullscreen() {
  window_.set_fullscreen(!window_.fullscreen());
  plan_.window();
  follow(acted_);
}

std::string OutputDisplay::message() const {
  return plan_.waiting()
             ? fmt::format("The display {} is not connected: the picture stays here until it is", plan_.home().name)
             : "";
}

}  // namespace ombra::show
