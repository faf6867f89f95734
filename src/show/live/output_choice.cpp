#include "show/live/output_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace ombra::show {
namespace {

// Collects outputs, each display once.
class Choice {
 public:
  explicit Choice(std::span<const Display> displays) : displays_(displays) {}

  void take(int number) {
    const Display& display = displays_[static_cast<std::size_t>(number)];
    const auto its = [&](const WantedOutput& o) { return o.there && same_area(o.display, display); };
    if (made_.outputs.size() < kMaxOutputs && std::ranges::none_of(made_.outputs, its))
      made_.outputs.push_back({display, true});
  }
  void await(Display display) {
    if (made_.outputs.size() < kMaxOutputs) made_.outputs.push_back({std::move(display), false});
  }
  void remark(std::string text) { made_.remarks.push_back(std::move(text)); }
  bool any() const { return !made_.outputs.empty(); }
  bool any_there() const { return std::ranges::any_of(made_.outputs, &WantedOutput::there); }

  OutputChoice done() {
    const auto taken = [&](int number) {
      const Display& display = displays_[static_cast<std::size_t>(number)];
      return std::ranges::any_of(made_.outputs,
                                 [&](const WantedOutput& o) { return o.there && same_area(o.display, display); });
    };
    made_.desk = operators_display(displays_);
    const int count = static_cast<int>(displays_.size());
    for (int i = 0; made_.desk >= 0 && taken(made_.desk) && i < count; ++i) {
      if (!taken(i)) made_.desk = i;
    }
    return std::move(made_);
  }

 private:
  std::span<const Display> displays_;
  OutputChoice made_;
};

void take_named(Choice& choice, std::span<const Display> displays, std::span<const std::string> wanted) {
  if (wanted.size() > kMaxOutputs) choice.remark(fmt::format("the picture goes to {} displays at most", kMaxOutputs));
  for (const std::string& name : wanted.first(std::min(wanted.size(), kMaxOutputs))) {
    const int number = find_display(displays, name);
    if (number < 0) {
      choice.remark(fmt::format(
          "no display is called \"{}\": the picture goes there when it is connected; `ombra devices` lists them",
          name));
      choice.await({name});
    } else if (displays.size() == 1) {
      choice.remark(fmt::format("{} is the only display: picture and desk share it", displays[0].name));
    } else {
      choice.take(number);
    }
  }
}

void take_known(Choice& choice, std::span<const Display> displays, std::span<const KnownDisplay> known) {
  for (const KnownDisplay& each : known) {
    if (!each.on) continue;
    const int number = find_again(displays, each.display);
    if (number < 0) {
      choice.await(each.display);
    } else if (displays.size() > 1) {
      choice.take(number);
    }
  }
}

// The first that is not the operator's, shows something else, and from which nobody has taken the picture back.
std::optional<int> guess(std::span<const Display> displays, std::span<const KnownDisplay> known) {
  const int own = operators_display(displays);
  for (int i = 0; i < static_cast<int>(displays.size()); ++i) {
    const Display& display = displays[static_cast<std::size_t>(i)];
    const auto declined = [&](const KnownDisplay& k) { return !k.on && find_again(displays, k.display) == i; };
    const bool other = i != own && !same_area(display, displays[static_cast<std::size_t>(own)]);
    if (other && std::ranges::none_of(known, declined)) return i;
  }
  return std::nullopt;
}

}  // namespace

int find_again(std::span<const Display> displays, const Display& display) {
  int named = -1, count = 0, best = -1;
  for (int i = 0; i < static_cast<int>(displays.size()); ++i) {
    const Display& d = displays[static_cast<std::size_t>(i)];
    if (d.name != display.name) continue;
    if (named < 0) named = i;
    ++count;
    const bool its =
        display.connector.empty() ? d.x == display.x && d.y == display.y : d.connector == display.connector;
    if (its && best < 0) best = i;
  }
  return count == 1 ? named : best;
}

OutputChoice choose_outputs(std::span<const Display> displays, std::span<const std::string> wanted,
                            std::span<const KnownDisplay> known, bool one_window) {
  Choice choice(displays);
  if (wanted.size() == 1 && wanted[0] == kNoOutput) return {};
  take_named(choice, displays, wanted);
  if (!wanted.empty()) return choice.done();
  if (one_window) return {};
  take_known(choice, displays, known);
  if (!choice.any_there()) {
    if (const std::optional<int> other = guess(displays, known)) choice.take(*other);
  }
  return choice.any() ? choice.done() : OutputChoice{};
}

}  // namespace ombra::show
