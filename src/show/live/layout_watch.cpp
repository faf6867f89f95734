#include "show/live/layout_watch.hpp"

namespace ombra::show {
namespace {

constexpr double kEveryS = 0.25;

}  // namespace

LayoutWatch::LayoutWatch(SDL_Window* window) : desktop_(window) {
  desktop_.refresh();
  seen_ = layout_ = list_displays();
}

LayoutWatch::News LayoutWatch::step(double now_s) {
  if (now_s < due_s_) return News::kNone;
  due_s_ = now_s + kEveryS;
  desktop_.refresh();
  std::vector<Display> now = list_displays();
  const bool rests = now == seen_;
  seen_ = std::move(now);
  if (!rests) return News::kNone;
  if (seen_ == layout_) return News::kSame;
  layout_ = seen_;
  return News::kChanged;
}

}  // namespace ombra::show
