// How the dancers dance, and in which styles where they know some: how much of each is asked for, what is danced, what
// comes next.
#include "core/text.hpp"
#include "show/desk/desk_widgets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

namespace ombra::show {
namespace {

constexpr const char* kAny = "Any style";
constexpr const char* kWhen = "\nStyles change where a phrase begins, every eight beats.";

// -> "hip hop 60 %, salsa 40 %"
std::string words_of(const std::vector<std::string>& names, std::span<const float> shares) {
  std::string words;
  for (std::size_t i = 0; i < std::min(names.size(), shares.size()); ++i) {
    const float percent = std::round(100.0f * shares[i]);
    if (percent < 1.0f) continue;
    words += (words.empty() ? "" : ", ") + printable(names[i]);
    if (percent < 100.0f) words += fmt::format(" {:.0f} %", percent);
  }
  return words.empty() ? "any style" : words;
}

void draw_any(DeskContext& desk) {
  ShowParams& p = desk.params;
  const bool any = std::ranges::all_of(p.styles, [&](FloatParam s) { return s.index < 0 || p.base(s.index) == 0.0; });
  if (any) {
    for (const ImGuiCol part : {ImGuiCol_Button, ImGuiCol_ButtonHovered}) ImGui::PushStyleColor(part, theme::kWarm);
    ImGui::PushStyleColor(ImGuiCol_Text, theme::kPanel);
  }
  const bool clicked = ImGui::Button(kAny, {-1.0f, 0.0f});
  if (any) ImGui::PopStyleColor(3);
  keep_place(desk.memory, kAny);
  help(std::string("Puts all styles to 0: the dancer dances what it likes.") + kWhen);
  if (clicked) p.forget_styles();
}

void draw_styles(DeskContext& desk) {
  const ShowParams& p = desk.params;
  if (p.styles.empty()) return;
  section("styles");
  draw_any(desk);
  for (auto style = p.styles.begin(); style != p.styles.end(); ++style) {
    const auto same = [style](FloatParam other) { return other.index == style->index; };
    if (style->index >= 0 && std::none_of(p.styles.begin(), style, same)) draw_param(desk, style->index);
  }
  const DanceStatus& dance = desk.view.dance;
  const auto wanted = model::shares_of(p.dance_controls().styles);
  const std::string now = words_of(dance.info.styles, dance.counters.styles),
                    next = words_of(dance.info.styles, wanted);
  const float room = ImGui::GetContentRegionAvail().x - kValueEms * em();
  value_line("Danced", fit(now, room), now + "\nWhat the dancer dances, or is about to." + kWhen);
  keep_place(desk.memory, "Danced");
  value_line("Next", fit(next, room), next + "\nWhat the next phrase is to be." + kWhen,
             next == now ? theme::kText : theme::kCool);
  keep_place(desk.memory, "Next");
}

}  // namespace

void draw_dance(DeskContext& desk) {
  draw_params(desk, Section::kDance);
  draw_styles(desk);
}

}  // namespace ombra::show
