// The modulation table: which part of the music pushes which parameter, how far and how fast.
#include "show/desk/desk_widgets.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace ombra::show {
namespace {

constexpr float kAmount = 0.3f;  // of a new row
constexpr const char* kAddRow = "Add a row";

bool draw_source(ModulationRow& row) {
  bool changed = false;
  if (!ImGui::BeginCombo("##source", std::string(source_name(row.source)).c_str())) return false;
  for (int s = 0; s < kSources; ++s) {
    const auto source = static_cast<ModulationSource>(s);
    if (ImGui::Selectable(std::string(source_name(source)).c_str(), source == row.source))
      row.source = source, changed = true;
  }
  ImGui::EndCombo();
  return changed;
}

bool draw_target(ModulationRow& row, const ShowParams& params) {
  bool changed = false;
  if (!ImGui::BeginCombo("##target", params.declaration(row.target).label.c_str(), ImGuiComboFlags_HeightLarge))
    return false;
  for (int p = 0; p < params.size(); ++p) {
    const Declaration& d = params.declaration(p);
    if (!d.modulatable || !params.listened_to(p)) continue;
    ImGui::PushID(p);  // a style may have the name of another parameter
    if (ImGui::Selectable(d.label.c_str(), p == row.target)) row.target = p, changed = true;
    ImGui::PopID();
    help(d.help);
  }
  ImGui::EndCombo();
  return changed;
}

// The amount, with a bar that shows what the row adds at this moment.
bool draw_amount(ModulationRow& row, float push) {
  float percent = 100.0f * row.amount;
  const bool changed =
      draw_slider("##amount", percent, {-100.0f, 100.0f, 100.0f * kAmount}, "%+.0f %%",
                  "Largest change, as a share of the parameter's range. The blue bar shows the change now.");
  if (changed) row.amount = percent / 100.0f;
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  const float middle = 0.5f * (low.x + high.x), reach = 0.5f * (high.x - low.x) * std::clamp(push, -1.0f, 1.0f);
  ImGui::GetWindowDrawList()->AddRectFilled({std::min(middle, middle + reach), high.y - 0.24f * em()},
                                            {std::max(middle, middle + reach), high.y - 1.0f},
                                            theme::ink(theme::kCool, 0.9f));
  return changed;
}

bool draw_seconds(const char* id, float& seconds, float initial, const char* format, const char* text) {
  return draw_slider(id, seconds, {0.0f, 10.0f, initial, true}, format, text);
}

// -> should the row go?
bool draw_row(DeskContext& desk, std::size_t i) {
  ModulationRow row = desk.modulation.rows()[i];
  bool changed = false;
  const float width = ImGui::GetContentRegionAvail().x, gap = ImGui::GetStyle().ItemSpacing.x;
  const float cross = ImGui::GetFrameHeight(), arrow = ImGui::CalcTextSize(">").x;
  const float half = 0.5f * (width - cross - arrow - 3.0f * gap);
  ImGui::SetNextItemWidth(half);
  changed |= draw_source(row);
  ImGui::SameLine();
  ImGui::TextDisabled(">");
  ImGui::SameLine();
  ImGui::SetNextItemWidth(half);
  changed |= draw_target(row, desk.params);
  ImGui::SameLine();
  const bool gone = ImGui::Button("x", {cross, 0.0f});
  help("Removes this row.");
  const bool cyclic = has_period(row.source);
  const float part = (width - (cyclic ? 3.0f : 2.0f) * gap) / (cyclic ? 6.0f : 5.0f);
  ImGui::SetNextItemWidth(2.4f * part);
  changed |= draw_amount(row, desk.modulation.push(i));
  ImGui::SameLine();
  ImGui::SetNextItemWidth((cyclic ? 1.2f : 1.3f) * part);
  changed |= draw_seconds("##attack", row.attack_s, ModulationRow{}.attack_s, "up %.2f",
                          "Attack: seconds to follow when the source rises.");
  ImGui::SameLine();
  ImGui::SetNextItemWidth((cyclic ? 1.2f : 1.3f) * part);
  changed |= draw_seconds("##release", row.release_s, ModulationRow{}.release_s, "dn %.2f",
                          "Release: seconds to follow when it falls.");
  if (cyclic) {
    ImGui::SameLine();
    ImGui::SetNextItemWidth(-1.0f);
    changed |= draw_slider("##beats", row.beats, {1.0f / 16.0f, 64.0f, ModulationRow{}.beats, true}, "%.2g b",
                           "Length of one cycle in beats.");
  }
  if (changed) desk.modulation.set_row(i, row, desk.params);
  return gone;
}

}  // namespace

void draw_modulation(DeskContext& desk) {
  std::optional<std::size_t> gone;
  for (std::size_t i = 0; i < desk.modulation.rows().size(); ++i) {
    ImGui::PushID(static_cast<int>(i));
    if (draw_row(desk, i)) gone = i;
    ImGui::Separator();
    ImGui::PopID();
  }
  std::vector<ModulationRow> rows = desk.modulation.rows();
  if (gone) {
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(*gone));
    desk.modulation.set_rows(std::move(rows), desk.params);
    return;
  }
  const float half = 0.5f * (ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ItemSpacing.x);
  const bool add = ImGui::Button(kAddRow, {half, 0.0f});
  keep_place(desk.memory, kAddRow);
  if (add && rows.size() < Modulation::kMaxRows) {
    rows.push_back({.source = ModulationSource::kOnset, .amount = kAmount, .target = desk.params.glow.index});
    desk.modulation.set_rows(std::move(rows), desk.params);
  }
  ImGui::SameLine();
  if (ImGui::Button("Back to the default", {half, 0.0f})) {
    desk.modulation.set_rows(Modulation::default_rows(desk.params), desk.params);
  }
}

}  // namespace ombra::show
