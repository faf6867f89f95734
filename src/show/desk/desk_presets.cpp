// Presets: one click loads one; the one that is loaded is lit and can be brought up to date or deleted.
#include "core/text.hpp"
#include "show/desk/desk_widgets.hpp"
#include "show/params/presets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace ombra::show {
namespace {

constexpr std::size_t kNamedPads = 64;

// Of a pad, for place_of: "preset 1" and so on, as far as there are names.
std::string_view pad_name(std::size_t number) {
  static const auto kNames = [] {
    std::array<std::string, kNamedPads> names;
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = fmt::format("preset {}", i + 1);
    return names;
  }();
  return kNames[number];
}

void draw_new(DeskContext& desk) {
  DeskMemory& m = desk.memory;
  const float button = 5.0f * em();
  ImGui::SetNextItemWidth(-button - ImGui::GetStyle().ItemSpacing.x);
  const bool entered = draw_field(m, "preset", "name of a new preset", m.preset_name);
  keep_place(m, "preset name");
  help("Any valid file name.");
  ImGui::SameLine();
  const bool saved = ImGui::Button("Save", {-1.0f, 0.0f});
  keep_place(m, "save preset");
  help("Saves all controls and the modulation table under this name; asks before it replaces a preset.");
  if ((entered || saved) && m.preset_name[0] != '\0') desk.actions.save_preset = m.preset_name.data();
}

void draw_pad(DeskContext& desk, const std::string& name, float width) {
  const bool lit = name == desk.memory.preset;
  if (lit) {
    for (const ImGuiCol part : {ImGuiCol_Button, ImGuiCol_ButtonHovered}) ImGui::PushStyleColor(part, theme::kWarm);
    ImGui::PushStyleColor(ImGuiCol_Text, theme::kPanel);
  }
  const ImVec2 at = ImGui::GetCursorScreenPos(), pad = ImGui::GetStyle().FramePadding;
  if (ImGui::Button("##pad", {width, 0.0f})) desk.actions.load_preset = name;
  // as text, not as a label: two number signs in a name would end it
  ImGui::GetWindowDrawList()->AddText({at.x + pad.x, at.y + pad.y}, ImGui::GetColorU32(ImGuiCol_Text),
                                      fit(printable(name), width - 2.0f * pad.x).c_str());
  if (lit) ImGui::PopStyleColor(3);
  help(printable(name) + (lit ? "\nThe one that was loaded last: a click takes its controls back." : ""));
}

// -> do the controls differ from the preset that was loaded last? Compared only when one of them has been moved.
bool is_changed(DeskContext& desk) {
  DeskMemory& m = desk.memory;
  if (desk.params.changes() != m.preset_compared) {
    m.preset_compared = desk.params.changes();
    m.preset_changed = write_preset(desk.params, desk.modulation) != m.preset_text;
  }
  return m.preset_changed;
}

// Of the preset that is lit; always there, so that nothing moves.
void draw_active(DeskContext& desk) {
  DeskMemory& m = desk.memory;
  const float gap = 0.3f * em(), width = 0.5f * (ImGui::GetContentRegionAvail().x - gap);
  const bool there = std::ranges::find(m.presets, m.preset) != m.presets.end();
  if (!there || m.doomed_preset != m.preset) m.doomed_preset.clear();
  const bool doomed = !m.doomed_preset.empty(), changed = there && is_changed(desk);
  ImGui::BeginDisabled(!there);
  if (doomed) {  // a double click on Delete keeps it
    ImGui::PushStyleColor(ImGuiCol_Text, theme::kAlarm);
    if (ImGui::Button("Delete it", {width, 0.0f})) desk.actions.delete_preset = std::exchange(m.doomed_preset, {});
    ImGui::PopStyleColor();
    keep_place(m, "really delete");
    help(fmt::format("Deletes the file of {}.", printable(m.preset)));
  } else {
    if (ImGui::Button(changed ? "Update *###update" : "Update###update", {width, 0.0f}))
      desk.actions.save_preset = m.preset;
    keep_place(m, "update preset");
    help(fmt::format("Saves the controls as they are now as {}, after a question.{}", printable(m.preset),
                     changed ? " Some have changed since it was loaded." : ""));
  }
  ImGui::SameLine(0.0f, gap);
  if (ImGui::Button(doomed ? "Keep it###delete" : "Delete###delete", {width, 0.0f}))
    m.doomed_preset = doomed ? "" : m.preset;
  keep_place(m, "delete preset");
  help(doomed ? "" : fmt::format("Deletes {}, after a question.", printable(m.preset)));
  ImGui::EndDisabled();
}

}  // namespace

void draw_presets(DeskContext& desk, int rows) {
  DeskMemory& m = desk.memory;
  draw_new(desk);
  const ImVec2 spacing = ImGui::GetStyle().ItemSpacing;
  // of fixed height: files may come and go
  const float height = static_cast<float>(rows) * ImGui::GetFrameHeightWithSpacing() - spacing.y;
  ImGui::BeginChild("presets", {0.0f, height}, false);
  if (m.presets.empty()) ImGui::TextDisabled("none yet");
  const float gap = 0.3f * em(), width = std::floor(0.5f * (ImGui::GetContentRegionAvail().x - gap));
  ImGuiListClipper rows_seen;
  rows_seen.Begin(static_cast<int>((m.presets.size() + 1) / 2), ImGui::GetFrameHeightWithSpacing());
  while (rows_seen.Step()) {
    const auto end = std::min(m.presets.size(), 2 * static_cast<std::size_t>(rows_seen.DisplayEnd));
    for (auto i = 2 * static_cast<std::size_t>(rows_seen.DisplayStart); i < end; ++i) {
      if (i % 2 != 0) ImGui::SameLine(0.0f, gap);
      ImGui::PushID(static_cast<int>(i));
      draw_pad(desk, m.presets[i], width);
      if (i < kNamedPads) keep_place(m, pad_name(i));
      ImGui::PopID();
    }
  }
  ImGui::EndChild();
  draw_active(desk);
}

}  // namespace ombra::show
