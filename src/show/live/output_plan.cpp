#include "show/live/output_plan.hpp"

#include <algorithm>

namespace ombra::show {
namespace {

bool same_place(const Display& a, const Display& b) { return a.name == b.name && same_area(a, b); }

int count(std::span<const Display> displays, const std::string& name) {
  return static_cast<int>(std::ranges::count(displays, name, &Display::name));
}

}  // namespace

OutputPlan::OutputPlan(std::string awaited) : state_(awaited.empty() ? State::kWindow : State::kWaiting) {
  home_.name = std::move(awaited);
}

OutputPlan::OutputPlan(Display awaited) : state_(State::kWaiting), home_(std::move(awaited)) {}

void OutputPlan::fill(const Display& display) {
  state_ = State::kFilling;
  home_ = display;
}

void OutputPlan::window() { state_ = State::kWindow; }

bool OutputPlan::changed_since(const Display& display) const {
  return std::ranges::none_of(last_, [&](const Display& d) { return same_place(d, display); });
}

// -> the display of its name that stands where it stood, else one that was not there before; -1: none
int OutputPlan::home_in(std::span<const Display> now) const {
  int moved = -1;
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (same_place(now[i], home_)) return static_cast<int>(i);
    if (moved < 0 && now[i].name == home_.name && changed_since(now[i])) moved = static_cast<int>(i);
  }
  return moved;
}

int OutputPlan::back_in(std::span<const Display> now) const {
  if (last_.empty()) return find_display(now, home_.name);  // since the start: also a part of the name
  const int named = count(now, home_.name);
  if (named == 0) return namesakes_ == 0 ? find_display(now, home_.name) : -1;
  return named > namesakes_ ? home_in(now) : -1;
}

OutputPlan::Step OutputPlan::layout(std::span<const Display> now) {
  if (now.empty()) return {};
  Step step;
  if (state_ == State::kFilling) {
    if (const int i = home_in(now); i < 0) {
      state_ = State::kWaiting;
      namesakes_ = count(now, home_.name);
      step = {Act::kLeave, 0};
    } else if (!same_place(now[static_cast<std::size_t>(i)], home_)) {
      home_ = now[static_cast<std::size_t>(i)];
      step = {Act::kFill, i};
    }
  } else if (state_ == State::kWaiting) {
    if (const int i = back_in(now); i >= 0) {
      fill(now[static_cast<std::size_t>(i)]);
      step = {Act::kFill, i};
    }
  }
  last_.assign(now.begin(), now.end());
  return step;
}

}  // namespace ombra::show
