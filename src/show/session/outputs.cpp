#include "show/session/outputs.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"

#include <SDL.h>
#include <fmt/format.h>

#include <algorithm>

namespace ombra::show {
namespace {

constexpr double kCoverEveryS = 0.5;  // a window manager that insists is not argued with more often
constexpr double kAgainEveryS = 2.0;  // until a window that could not be made is tried again

bool is_of(const OutputSettings& settings, const Display& display) {
  const bool told = !settings.connector.empty() && !display.connector.empty();
  return settings.display == display.name && (!told || settings.connector == display.connector);
}

}  // namespace

Outputs::Outputs(gfx::Window& desk, const OutputChoice& choice, const std::string& awaited,
                 std::vector<OutputSettings> settings, bool vsync)
    : desk_(desk), vsync_(vsync), watch_(desk.handle()), settings_(std::move(settings)) {
  one_ = std::make_unique<OutputDisplay>(desk, choice.outputs.empty() ? awaited : "", watch_.layout());
  for (const WantedOutput& wanted : choice.outputs) {
    auto output = std::make_unique<Output>();
    if (!wanted.there) output->plan = OutputPlan(wanted.display);
    outputs_.push_back(std::move(output));
    if (wanted.there) put(*outputs_.back(), wanted.display);
  }
  if (!outputs_.empty()) {  // what is not used this time was not used last time
    for (OutputSettings& each : settings_) {
      each.on = std::ranges::any_of(outputs_, [&](const auto& o) { return is_of(each, o->plan.home()); });
    }
  }
  follow_layout();
  for (const auto& output : outputs_) {
    if (output->screen) keep(output->plan.home(), true);
  }
  news_.clear();
}

Outputs::~Outputs() {
  outputs_.clear();
  desk_.make_current();
  for (GLsync reader : readers_) glDeleteSync(reader);
}

// -> -1 while SDL's numbers are about to change, too
int Outputs::number_of(const Display& display) const {
  if (!watch_.rests()) return -1;
  const auto& all = watch_.layout();
  const auto its = std::ranges::find_if(all, [&](const Display& d) { return same_area(d, display); });
  return its == all.end() ? -1 : static_cast<int>(its - all.begin());
}

Outputs::Output* Outputs::first() const {
  const auto there = std::ranges::find_if(outputs_, [](const auto& o) { return o->screen != nullptr; });
  return there == outputs_.end() ? nullptr : there->get();
}

void Outputs::event(const SDL_Event& event) {
  if (event.type == SDL_DISPLAYEVENT) watch_.look();
  if (event.type != SDL_WINDOWEVENT) return;
  for (const auto& output : outputs_) {
    const bool its = output->screen && output->screen->window().number() == event.window.windowID;
    if (its && event.window.event != SDL_WINDOWEVENT_EXPOSED) output->disturbed = true;
  }
}

void Outputs::step(double now_s) {
  const LayoutWatch::News news = watch_.step(now_s);
  one_->step(now_s, news, watch_.layout());
  if (news == LayoutWatch::News::kChanged) follow_layout();
  if (news == LayoutWatch::News::kSame) put_again(now_s);
  keep_covered(now_s);
  identify_.step(now_s);
}

void Outputs::follow_layout() {
  const std::vector<Display>& layout = watch_.layout();
  for (const auto& output : outputs_) {
    const OutputPlan::Step step = output->plan.layout(layout);
    if (step.act == OutputPlan::Act::kLeave) {
      output->screen.reset();
      desk_.make_current();
      log::warn("the display {} is gone; the picture is back when it is", output->plan.home().name);
    } else if (step.act == OutputPlan::Act::kFill) {
      put(*output, layout[static_cast<std::size_t>(step.display)]);
    }
  }
  settle();
  // nobody sits before the only display that is left: the picture stays over the desk
  if (apart_ && layout.size() == 1 && first()) first()->screen->window().raise();
}

// Windows that could not be made when their display came.
void Outputs::put_again(double now_s) {
  for (const auto& output : outputs_) {
    if (output->screen || !output->plan.filling() || now_s < output->again_s) continue;
    output->again_s = now_s + kAgainEveryS;
    if (put(*output, Display(output->plan.home()))) settle();
  }
}

// Window managers move, resize and hide windows as they please, or as somebody asks them to.
void Outputs::keep_covered(double now_s) {
  for (const auto& output : outputs_) {
    if (!output->screen || (!output->disturbed && now_s < output->look_s)) continue;
    output->disturbed = false, output->look_s = now_s + kCoverEveryS;
    const int number = number_of(output->plan.home());
    gfx::Window& window = output->screen->window();
    if (number < 0 || window.covers(number) || now_s < output->cover_s) continue;
    output->cover_s = now_s + kCoverEveryS;
    window.cover(number);
  }
}

// The picture fills that display from now on. -> false: it does not, and news_ says why
bool Outputs::put(Output& output, const Display& display) {
  const auto others = [&](const auto& o) {
    return o.get() != &output && o->screen && same_area(o->plan.home(), display);
  };
  const int number = number_of(display);
  if (number < 0 || std::ranges::any_of(outputs_, others)) return false;
  try {
    const bool typing = desk_.has_keyboard();
    desk_.make_current();
    auto screen = std::make_unique<OutputScreen>(number, desk_);
    output.screen = std::move(screen);  // the old one goes when the new one stands
    desk_.make_current();
    if (typing) desk_.raise();
  } catch (const Error& fault) {
    desk_.make_current();
    news_ = fmt::format("{}: {}", display.name, first_line(fault.what()));
    log::warn("{}", news_);
    return false;
  }
  output.plan.fill(display);
  output.plan.layout(displays());
  output.mapping = mapping_of(display);
  keep(display, true);
  news_ = fmt::format("The picture is on {}", display.name);
  log::info("the picture fills {} ({}x{})", display.name, display.width, display.height);
  return true;
}

void Outputs::put_desk(const Display& display) {
  const int number = number_of(display);
  if (number < 0 || desk_.display_number() == number) return;
  desk_.move_to(number);
}

// After outputs have come, gone or moved: who waits for a display, and is the desk alone in its window?
void Outputs::settle() {
  const bool was = apart_;
  apart_ = !outputs_.empty() && (apart_ || first() != nullptr);
  if (apart_ && !was) {
    if (desk_.fullscreen()) desk_.set_fullscreen(false);
    desk_.maximise();
    one_->forget();
  }
  share_vsync();
  if (apart_ != was) desk_.raise();
  tell_editor();
}

// The first output waits for its display; the desk only where it is alone.
void Outputs::share_vsync() {
  const Output* waits = first();
  for (const auto& output : outputs_) {
    if (!output->screen) continue;
    output->screen->window().make_current();
    output->screen->window().set_vsync(vsync_ && output.get() == waits ? refreshes_ : 0);
  }
  desk_.make_current();
  desk_.set_vsync(vsync_ && !apart_ ? refreshes_ : 0);
}

double Outputs::refresh_hz() const {
  const Output* output = first();
  return output ? output->screen->window().refresh_hz() : desk_.refresh_hz();
}

void Outputs::set_vsync(int refreshes) {
  refreshes_ = refreshes;
  share_vsync();
}

std::string Outputs::display_name() const {
  if (!apart_) return desk_.display();
  const Output* output = first();
  return output ? output->plan.home().name : outputs_.front()->plan.home().name;
}

// The desk goes where the first output is, and that goes to the desk's display.
void Outputs::swap() {
  Output* output = first();
  const int number = desk_display();
  if (!apart_ || !output || number < 0 || static_cast<std::size_t>(number) >= displays().size()) return;
  const Display desk = displays()[static_cast<std::size_t>(number)], picture = output->plan.home();
  if (same_area(desk, picture) || !put(*output, desk)) return;
  keep(picture, false);
  put_desk(picture);
  settle();
  desk_.raise();
}

std::string Outputs::toggle_fullscreen() {
  if (apart_) {
    taken_back_.clear();
    for (const auto& output : outputs_) {
      taken_back_.push_back(output->plan.home());
      keep(output->plan.home(), false);
    }
    outputs_.clear();
    settle();
    return "";
  }
  const int own = operators_display(displays());
  if (desk_.fullscreen() || displays().size() < 2 || own < 0) {
    one_->toggle_fullscreen(displays());
    return "";
  }
  const Display& operators = displays()[static_cast<std::size_t>(own)];
  std::vector<Display> wanted;
  for (const Display& each : taken_back_) {
    if (const int number = find_again(displays(), each); number >= 0)
      wanted.push_back(displays()[static_cast<std::size_t>(number)]);
  }
  if (wanted.empty()) {
    const auto other = std::ranges::find_if(displays(), [&](const Display& d) { return !same_area(d, operators); });
    if (other == displays().end()) return one_->toggle_fullscreen(displays()), "";
    wanted.push_back(*other);
    put_desk(operators);
  }
  std::string fault;
  for (const Display& each : wanted) {
    if (std::string one = open(each); !one.empty()) fault = std::move(one);
  }
  return fault;
}

std::string Outputs::open(const Display& display) {
  const auto its = [&](const auto& o) { return same_area(o->plan.home(), display); };
  if (std::ranges::any_of(outputs_, its)) return "";
  if (displays().size() < 2) return "there is only one display: picture and desk share it";
  if (outputs_.size() >= kMaxOutputs) return fmt::format("the picture goes to {} displays at most", kMaxOutputs);
  const int number = number_of(display);
  if (number < 0) return fmt::format("{} is not connected", display.name);
  if (desk_.display_number() == number) {
    const auto free = std::ranges::find_if(displays(), [&](const Display& d) {
      const auto covers = [&](const auto& o) { return o->screen && same_area(o->plan.home(), d); };
      return !same_area(d, display) && std::ranges::none_of(outputs_, covers);
    });
    if (free == displays().end()) return "no display would be left for the desk";
    put_desk(*free);
  }
  outputs_.push_back(std::make_unique<Output>());
  if (!put(*outputs_.back(), display)) {
    outputs_.pop_back();
    return std::exchange(news_, {});
  }
  settle();
  return "";
}

void Outputs::close(std::size_t number) {
  if (number >= outputs_.size()) return;
  keep(outputs_[number]->plan.home(), false);
  outputs_.erase(outputs_.begin() + static_cast<std::ptrdiff_t>(number));
  settle();
}

void Outputs::keep(const Display& display, bool on, const stage::Mapping* mapping) {
  keep_output(settings_,
              {display.name, display.connector, display.x, display.y, on, mapping ? *mapping : mapping_of(display)},
              place_of(display).twin);
}

DisplayPlace Outputs::place_of(const Display& display) const {
  const bool twin = std::ranges::count(displays(), display.name, &Display::name) > 1;
  return {display.name, display.connector, display.x, display.y, twin};
}

std::vector<OutputView> Outputs::views() const {
  std::vector<OutputView> views;
  for (const auto& output : outputs_) views.push_back({output->plan.home(), output->screen != nullptr});
  return views;
}

std::vector<std::string> Outputs::messages() const {
  std::vector<std::string> all;
  if (outputs_.empty()) all.push_back(one_->message());
  for (const auto& output : outputs_) {
    if (output->screen || output->plan.filling()) continue;
    const std::string& name = output->plan.home().name;
    all.push_back(apart_
                      ? fmt::format("{} is not connected: nobody sees the picture there; it is back when that is", name)
                      : fmt::format("{} is not connected: the picture goes there when it is", name));
  }
  return all;
}

}  // namespace ombra::show
