// The people that a dancer can be, and what can be done with them: there where its painter has learned people.
#include "core/arithmetic.hpp"
#include "core/text.hpp"
#include "show/desk/desk_gallery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ombra::show {
namespace {

// For place_of: "person 1", ...
std::string_view place_name(int n) {
  static const auto kNames = [] {
    std::array<std::string, model::kPicturedPeople> names;
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = fmt::format("person {}", i + 1);
    return names;
  }();
  return kNames[static_cast<std::size_t>(n)];
}

// Two pictures a beat, there and back again.
int pose_at(double beat) {
  constexpr int kWay = 2 * kPeoplePoses - 2;
  if (!std::isfinite(beat)) return 0;
  const int step = floor_mod(static_cast<int>(std::fmod(std::floor(2.0 * beat), kWay)), kWay);
  return std::min(step, kWay - step);
}

// -> how much of person n there is in a number, 0..1: all, or what it has of the two between which it stands
float share_of(int n, float number, int people) {
  const float whole = std::floor(number), part = number - whole;
  const int first = floor_mod(static_cast<int>(whole) - 1, people), next = (first + 1) % people;
  return (n == first ? 1.0f - part : 0.0f) + (n == next ? part : 0.0f);
}

void draw_people_gallery(DeskContext& desk, float height) {
  ShowParams& p = desk.params;
  PictureSheet& sheet = desk.memory.people;
  keep_pictures(sheet, desk.view.people);
  const int people = sheet.field ? std::min(sheet.field->dancers / kPeoplePoses, model::kPicturedPeople) : 0;
  const std::vector<std::string>& names = desk.view.dance.info.people;
  const float person = p.get(p.person), other = p.get(p.other);
  const auto after = [&](int n, bool clicked) {
    if (clicked) p.set((ImGui::GetIO().KeyShift ? p.other : p.person).index, n + 1);
    number_card(n + 1);
    frame_card(theme::kWarm, share_of(n, person, people));
    frame_card(theme::kCool, share_of(n, other, people), 0.15f);
    keep_place(desk.memory, place_name(n));
    if (!ImGui::IsItemHovered()) return;
    const auto i = static_cast<std::size_t>(n);
    help(fmt::format("{}\nClick: who dances (bright frame). Shift and click: whom Morph changes them into (blue).",
                     i < names.size() ? printable(names[i]) : ""));
  };
  draw_gallery(
      sheet, {.id = "people", .cards = people, .each = kPeoplePoses, .shown = pose_at(desk.view.beat), .after = after},
      height);
}

}  // namespace

bool knows_people(const DeskContext& desk) { return !desk.view.dance.info.people.empty(); }

void draw_people(DeskContext& desk) {
  draw_params(desk, Section::kPeople);
  if (desk.view.dance.info.knows_build) draw_params(desk, Section::kBuild);
  draw_params(desk, Section::kTurns);
  section("cast");
  const bool column = desk.view.own_window && !desk.memory.narrow;
  draw_people_gallery(desk, column ? std::max(6.0f * em(), ImGui::GetContentRegionAvail().y) : 0.0f);
}

}  // namespace ombra::show
