// What a show is played with: looks and presets, the few controls that are turned most, the seed phrases.
#include "show/desk/desk_gallery.hpp"

#include <algorithm>

namespace ombra::show {
namespace {

constexpr int kPresetRows = 3, kMorePresetRows = 6;

// Hold and jump, side by side.
void draw_hold_and_jump(DeskContext& desk) {
  ShowParams& p = desk.params;
  const float gap = 0.3f * em(), width = 0.5f * (ImGui::GetContentRegionAvail().x - gap);
  const bool held = p.get(p.hold);
  const Declaration& hold = p.declaration(p.hold.index);
  const Declaration& jump = p.declaration(p.jump.index);
  if (held) {
    for (const ImGuiCol part : {ImGuiCol_Button, ImGuiCol_ButtonHovered}) ImGui::PushStyleColor(part, theme::kWarm);
    ImGui::PushStyleColor(ImGuiCol_Text, theme::kPanel);
  }
  if (ImGui::Button(hold.label.c_str(), {width, 0.0f})) p.set(p.hold.index, held ? 0.0 : 1.0);
  if (held) ImGui::PopStyleColor(3);
  keep_place(desk.memory, hold.path);
  help(hold.help);
  ImGui::SameLine(0.0f, gap);
  if (ImGui::Button(jump.label.c_str(), {width, 0.0f})) p.fire(p.jump.index);
  keep_place(desk.memory, jump.path);
  help(jump.help);
}

}  // namespace

// A click lets the dancers go on from that phrase at the next beat.
void draw_seeds(DeskContext& desk, float height) {
  DeskMemory& m = desk.memory;
  if (keep_pictures(m.seeds, desk.view.seeds)) m.chosen_seed = -1;
  if (!m.seeds.field || m.seeds.field->dancers == 0) {
    ImGui::TextDisabled("this dancer has no seed phrases");
    return;
  }
  const auto after = [&](int n, bool clicked) {
    if (clicked) desk.params.set(desk.params.seed.index, n + 1);
    if (n < 9) number_card(n + 1);  // a key has it
    if (n == m.chosen_seed) frame_card(theme::kWarm, 1.0f);
    help("Continue from here at the next beat.");
  };
  draw_gallery(m.seeds, {.id = "seeds", .cards = m.seeds.field->dancers, .after = after}, height);
}

void draw_show(DeskContext& desk) {
  ShowParams& p = desk.params;
  for (const int each : {p.look.index, p.count.index, p.energy.index, p.temperature.index}) draw_param(desk, each);
  draw_hold_and_jump(desk);
  section("presets");
  const bool column = desk.view.own_window && !desk.memory.narrow, high = ImGui::GetWindowHeight() > 40.0f * em();
  const int needed = static_cast<int>((desk.memory.presets.size() + 1) / 2);
  draw_presets(desk, column && high ? std::clamp(needed, kPresetRows, kMorePresetRows) : kPresetRows);
  section("seed phrases");
  draw_seeds(desk, column ? std::max(6.0f * em(), ImGui::GetContentRegionAvail().y) : 0.0f);
}

}  // namespace ombra::show
