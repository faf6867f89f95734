#include "show/live/output_display.hpp"

#include "core/log.hpp"

#include <SDL.h>
#include <fmt/format.h>

namespace ombra::show {
namespace {

constexpr double kSettleS = 2.0;

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

}  // namespace

OutputDisplay::OutputDisplay(gfx::Window& window, const std::string& awaited, std::span<const Display> layout)
    : window_(window), plan_(awaited) {
  follow(layout);
  act(plan_.layout(layout), layout);
}

// Where the operator, or the window manager's keys, have put the window since.
void OutputDisplay::follow(std::span<const Display> layout) {
  if (plan_.waiting()) return;
  const int on = window_.display_number();
  if (window_.fullscreen() && on >= 0 && static_cast<std::size_t>(on) < layout.size()) {
    plan_.fill(layout[static_cast<std::size_t>(on)]);
  } else {
    plan_.window();
  }
}

void OutputDisplay::step(double now_s, LayoutWatch::News news, std::span<const Display> layout) {
  if (news == LayoutWatch::News::kChanged) {
    settled_s_ = now_s + kSettleS;
    act(plan_.layout(layout), layout);
  } else if (news == LayoutWatch::News::kSame) {
    if (now_s < settled_s_) keep_in_view(layout);
    follow(layout);
  }
}

// A window manager that gives a window its old place back does so when it pleases, and that place may be gone.
void OutputDisplay::keep_in_view(std::span<const Display> layout) {
  if (!window_.fullscreen() && !layout.empty() && !inside(window_.handle(), layout)) window_.move_to(0);
}

void OutputDisplay::act(const OutputPlan::Step& step, std::span<const Display> layout) {
  if (step.act == OutputPlan::Act::kStay) return keep_in_view(layout);
  window_.set_fullscreen(false);
  window_.move_to(step.display);
  if (step.act == OutputPlan::Act::kFill) window_.set_fullscreen(true);
  log::info("{}",
            step.act == OutputPlan::Act::kFill ? fmt::format("the picture fills {}", plan_.home().name) : message());
}

void OutputDisplay::toggle_fullscreen(std::span<const Display> layout) {
  window_.set_fullscreen(!window_.fullscreen());
  plan_.window();
  follow(layout);
}

std::string OutputDisplay::message() const {
  return plan_.waiting()
             ? fmt::format("The display {} is not connected: the picture stays here until it is", plan_.home().name)
             : "";
}

}  // namespace ombra::show
