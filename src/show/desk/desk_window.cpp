// The desk in a window of its own: the header, the picture that leaves with its outputs, and columns of panels.
#include "show/desk/desk_frame.hpp"
#include "show/desk/desk_tabs.hpp"
#include "show/desk/desk_widgets.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ombra::show {
namespace {

constexpr float kPad = 0.6f;   // text heights inside a card
constexpr float kLow = 36.0f;  // lines of columns that are lower stand closer together
constexpr float kTall = 2.0f;  // of the header's buttons

constexpr ImGuiWindowFlags kStill = ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;

// An ImGui window inside the open one, over this area but for a margin.
void begin(const char* id, const Area& area, float margin = 0.0f) {
  ImGui::SetCursorScreenPos({area.left + margin, area.top + margin});
  ImGui::BeginChild(id, {area.width() - 2.0f * margin, area.height() - 2.0f * margin}, false, kStill);
}

float wide(const char* text) { return ImGui::CalcTextSize(text).x + 1.2f * em(); }

// The upper row: what one looks for first, at places that never change.
void draw_upper(DeskContext& desk, const Shut& shut) {
  const float gap = 0.6f * em(), right = ImGui::GetWindowContentRegionMax().x, top = ImGui::GetCursorPosY();
  ImGui::PushFont(desk.fonts.large);
  ImGui::TextUnformatted("Ombra");
  const float name = ImGui::GetItemRectSize().x;
  ImGui::PopFont();
  const float lock = wide("Locked"), third = wide("Test card"), modes = 3.0f * third + 0.6f * em();
  const float record = wide("Record"), left = name + 1.4f * em();
  const float room = right - left - lock - modes - record - 4.0f * gap;  // for tempo and input
  const float tempo = std::clamp(0.46f * room, 15.5f * em(), 24.0f * em());
  ImGui::BeginDisabled(shut.most);
  ImGui::SetCursorPos({left, top});
  draw_tempo(desk, tempo);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {ImGui::GetStyle().FramePadding.x, 0.5f * (kTall - 1.0f) * em()});
  ImGui::SetCursorPos({left + tempo + gap, top});
  draw_input_choice(desk, std::max(4.0f * em(), room - tempo));
  float at = right - lock - gap - modes - gap - record;
  ImGui::SetCursorPos({at, top});
  draw_record_button(desk, record);
  ImGui::EndDisabled();
  ImGui::BeginDisabled(shut.all);
  ImGui::SetCursorPos({at += record + gap, top});
  draw_show_mode(desk, modes);
  ImGui::SetCursorPos({at + modes + gap, top});
  draw_lock(desk, lock);
  ImGui::EndDisabled();
  ImGui::PopStyleVar();
}

void draw_top(DeskContext& desk, const Area& area, const Shut& shut) {
  begin("header", area);
  draw_upper(desk, shut);
  ImGui::SetCursorPos({0.0f, 2.75f * em()});
  const float right = ImGui::GetWindowContentRegionMax().x, rate = 15.0f * em();
  ImGui::BeginDisabled(shut.most);
  draw_status(desk, right - rate);
  ImGui::EndDisabled();
  const std::string text = rate_text(desk.view);
  ImGui::SetCursorPos({right - ImGui::CalcTextSize(text.c_str()).x, 2.75f * em()});
  ImGui::TextDisabled("%s", text.c_str());
  help(
      "Share of the resolution that is drawn, where the governor has lowered it; frames a second; the 99th percentile "
      "of their times. More under Machine.");
  ImGui::EndChild();
}

void draw_column(DeskContext& desk, std::size_t column, const Area& area) {
  ImGui::PushID(static_cast<int>(column));
  begin("column", area, kPad * em());
  draw_tabs(desk, column);
  const bool low = area.height() < kLow * em();
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0.5f * em(), (low ? 0.25f : 0.36f) * em()});
  draw_open_panel(desk, column, 0.0f);
  ImGui::PopStyleVar();
  ImGui::EndChild();
  ImGui::PopID();
  DeskMemory& m = desk.memory;
  if (m.flash_s <= 0.0 || m.flash_column != column) return;
  ImGui::GetWindowDrawList()->AddRect({area.left, area.top}, {area.right, area.bottom},
                                      theme::ink(theme::kWarm, static_cast<float>(m.flash_s / kTabFlashS)), 0.0f, 0,
                                      0.15f * em());
}

// What the mouse rests on, or what the keyboard does.
void draw_help(DeskContext& desk, const Area& area, const char* typing) {
  begin("help", area);
  ImGui::PushTextWrapPos(0.0f);
  const std::string& text = desk.memory.help;
  if (typing) ImGui::TextColored(theme::kWarm, "%s", typing);
  if (!text.empty()) {
    ImGui::TextUnformatted(text.c_str());
  } else if (!typing) {
    const Keys& keys = desk.keys;
    const std::string words =
        desk.params.get(desk.params.key_lock)
            ? "Locked.\n" + key_words(keys, {{"blackout", "black"}, {"freeze", "freeze"}, {"lock", "unlock"}})
            : "Point at anything to read what it does.\n" +
                  key_words(keys, {{"help", "keys"}, {"identify", "identify"}, {"swap_outputs", "swap"}}) + "\n" +
                  key_words(keys, {{"blackout", "black"}, {"freeze", "freeze"}, {"record", "record"}, {"quit", "end"}});
    ImGui::TextDisabled("%s", words.c_str());
  }
  ImGui::PopTextWrapPos();
  ImGui::EndChild();
}

}  // namespace

void draw_wide_desk(DeskContext& desk, const DeskPlan& plan, const Shut& shut, const char* typing) {
  desk.memory.flash_s = std::max(0.0, desk.memory.flash_s - desk.view.step_s);
  desk.memory.help.clear();
  settle_panels(desk, plan.columns.size());
  draw_top(desk, plan.header, shut);
  ImGui::BeginDisabled(shut.most);
  begin("picture", plan.preview);
  draw_preview(desk);
  ImGui::EndChild();
  ImGui::SetCursorScreenPos({plan.outputs.left, plan.outputs.top});
  ImGui::BeginChild("outputs", {plan.outputs.width(), plan.outputs.height()}, false);
  draw_outputs(desk);
  ImGui::EndChild();
  begin("sound", plan.sound);
  draw_sound(desk, plan.sound.height() / em() - 4.6f);
  draw_recording_line(desk);
  draw_take_line(desk);
  ImGui::EndChild();
  for (std::size_t c = 0; c < plan.columns.size(); ++c) draw_column(desk, c, plan.columns[c]);
  ImGui::EndDisabled();
  draw_help(desk, plan.help, typing);
}

}  // namespace ombra::show
