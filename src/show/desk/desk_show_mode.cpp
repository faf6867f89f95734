// What the operator does to the whole picture, and the lock: buttons that are always there, lit while they hold.
#include "show/desk/desk_widgets.hpp"

#include <fmt/format.h>

namespace ombra::show {
namespace {

void draw_lit(DeskContext& desk, BoolParam param, ImVec2 size, const std::string& remark) {
  ShowParams& p = desk.params;
  const Declaration& d = p.declaration(param.index);
  const bool lit = p.get(param);
  if (lit) {
    for (const ImGuiCol part : {ImGuiCol_Button, ImGuiCol_ButtonHovered}) ImGui::PushStyleColor(part, theme::kWarning);
    ImGui::PushStyleColor(ImGuiCol_Text, theme::kPanel);
  }
  if (ImGui::Button(d.label.c_str(), size)) p.set(param.index, lit ? 0.0 : 1.0);
  keep_place(desk.memory, d.path);
  if (lit) ImGui::PopStyleColor(3);
  help(d.help + remark + key_hint(desk, d.path));
}

}  // namespace

void draw_show_mode(DeskContext& desk, float width) {
  const ShowParams& p = desk.params;
  const float gap = 0.3f * em(), room = width > 0.0f ? width : ImGui::GetContentRegionAvail().x;
  const ImVec2 size{(room - 2.0f * gap) / 3.0f, 0.0f};
  draw_lit(desk, p.blackout, size, fmt::format("\nFade: {:.1f} s, under Setup.", p.get(p.blackout_fade)));
  ImGui::SameLine(0.0f, gap);
  draw_lit(desk, p.freeze, size, "");
  ImGui::SameLine(0.0f, gap);
  ImGui::BeginDisabled(p.get(p.key_lock));
  draw_lit(desk, p.test_card, size, "");
  ImGui::EndDisabled();
}

void draw_lock(DeskContext& desk, float width) {
  ShowParams& p = desk.params;
  const bool locked = p.get(p.key_lock);
  if (locked) {
    for (const ImGuiCol part : {ImGuiCol_Button, ImGuiCol_ButtonHovered}) ImGui::PushStyleColor(part, theme::kWarning);
    ImGui::PushStyleColor(ImGuiCol_Text, theme::kPanel);
  }
  if (ImGui::Button(locked ? "Locked###lock" : "Lock###lock", {width, 0.0f}))
    p.set(p.key_lock.index, locked ? 0.0 : 1.0);
  if (locked) ImGui::PopStyleColor(3);
  keep_place(desk.memory, "lock");
  help(lock_help(desk));
}

std::string lock_help(const DeskContext& desk) {
  return fmt::format("Locks or unlocks the show. While it is locked, only blackout, freeze, {} and this act.{}",
                     desk.view.own_window ? "the list of keys" : "the list of keys, the panel's key",
                     key_hint(desk, desk.params.declaration(desk.params.key_lock.index).path));
}

}  // namespace ombra::show
