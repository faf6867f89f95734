// What the operator does to the whole picture: three buttons that are always there, lit while they hold.
#include "show/desk/desk_widgets.hpp"

#include <fmt/format.h>

namespace ombra::show {
namespace {

void draw_lit(DeskContext& desk, BoolParam param, float width, const std::string& remark) {
  ShowParams& p = desk.params;
  const Declaration& d = p.declaration(param.index);
  const bool lit = p.get(param);
  if (lit) {
    for (const ImGuiCol part : {ImGuiCol_Button, ImGuiCol_ButtonHovered}) ImGui::PushStyleColor(part, theme::kWarning);
    ImGui::PushStyleColor(ImGuiCol_Text, theme::kPanel);
  }
  if (ImGui::Button(d.label.c_str(), {width, 0.0f})) p.set(param.index, lit ? 0.0 : 1.0);
  keep_place(desk.memory, d.path);
  if (lit) ImGui::PopStyleColor(3);
  help(d.help + remark + key_hint(desk, d.path));
}

}  // namespace

void draw_show_mode(DeskContext& desk) {
  const ShowParams& p = desk.params;
  const float gap = 0.3f * em(), width = (ImGui::GetContentRegionAvail().x - 2.0f * gap) / 3.0f;
  draw_lit(desk, p.blackout, width, fmt::format("\nFade: {:.1f} s, under Machine.", p.get(p.blackout_fade)));
  ImGui::SameLine(0.0f, gap);
  draw_lit(desk, p.freeze, width, "");
  ImGui::SameLine(0.0f, gap);
  ImGui::BeginDisabled(p.get(p.key_lock));
  draw_lit(desk, p.test_card, width, "");
  ImGui::EndDisabled();
}

}  // namespace ombra::show
