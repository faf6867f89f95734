#include "show/desk/desk_frame.hpp"

#include "show/desk/desk_tabs.hpp"
#include "show/desk/desk_widgets.hpp"

#include <fmt/format.h>
#include <imgui.h>

#include <string>

namespace ombra::show {

std::string key_words(const Keys& keys, std::initializer_list<std::pair<const char*, const char*>> commands) {
  std::string text;
  for (const auto& [command, word] : commands) {
    const std::string key = keys.first(command);
    if (!key.empty()) text += fmt::format("{}{} {}", text.empty() ? "" : "  ", key, word);
  }
  return text;
}

std::string rate_text(const DeskView& view) {
  if (!view.stats) return {};
  const bool held = view.governor && view.governor->holding();
  return fmt::format("{}{:.0f} fps  p99 {:.0f} ms",
                     held ? fmt::format("{:.0f} %  ", 100.0 * view.governor->scale()) : "", view.stats->fps(),
                     view.stats->p99_ms());
}

namespace {

void draw_header(const DeskContext& desk) {
  ImGui::PushFont(desk.fonts.large);
  ImGui::TextUnformatted("Ombra");
  ImGui::PopFont();
  const std::string text = rate_text(desk.view);
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - ImGui::CalcTextSize(text.c_str()).x);
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() + 0.5f * em());
  ImGui::TextDisabled("%s", text.c_str());
}

void draw_footer(DeskContext& desk, const char* typing) {
  ShowParams& p = desk.params;
  const bool locked = p.get(p.key_lock);
  if (typing) {
    ImGui::TextColored(theme::kWarm, "%s", typing);
  } else {
    const char* hide = desk.view.own_window ? "" : "desk";  // there it cannot be hidden
    const std::string words =
        locked
            ? key_words(desk.keys, {{hide, "hide"}, {"blackout", "black"}, {"freeze", "freeze"}, {"lock", "unlock"}})
            : key_words(desk.keys, {{"help", "keys"}, {hide, "hide"}, {"toggle_fullscreen", "full"}, {"quit", "quit"}});
    const float room = ImGui::GetContentRegionAvail().x - ImGui::CalcTextSize("locked").x - 0.5f * em();
    ImGui::TextDisabled("%s", fit(words, room).c_str());
  }
  help(fmt::format(
      "All keys: {}. On sliders a double click takes the default, a click with Ctrl lets you type a number.",
      desk.keys.text("help")));
  const char* text = locked ? "locked" : "lock";
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - ImGui::CalcTextSize("locked").x);
  const ImVec2 at = ImGui::GetCursorScreenPos(), size = ImGui::CalcTextSize("locked");
  if (ImGui::InvisibleButton("lock", size)) p.set(p.key_lock.index, locked ? 0.0 : 1.0);
  const ImVec4& colour = locked ? theme::kWarning : ImGui::IsItemHovered() ? theme::kText : theme::kDim;
  ImGui::GetWindowDrawList()->AddText({at.x + size.x - ImGui::CalcTextSize(text).x, at.y}, theme::ink(colour), text);
  keep_place(desk.memory, "lock");
  help(lock_help(desk));
}

}  // namespace

void draw_one_panel(DeskContext& desk, const Shut& shut, const char* typing) {
  settle_panels(desk, 1);
  ImGui::BeginDisabled(shut.most);
  draw_header(desk);
  draw_status(desk);
  draw_tempo(desk);
  draw_sound(desk, 3.2f);
  draw_take_line(desk);
  draw_record_button(desk, 5.6f * em());
  ImGui::SameLine();
  draw_recording_line(desk);
  ImGui::EndDisabled();
  ImGui::BeginDisabled(shut.all);
  draw_show_mode(desk);
  ImGui::EndDisabled();
  ImGui::BeginDisabled(shut.most);
  draw_tabs(desk, 0);
  draw_open_panel(desk, 0, 1.3f * em());
  ImGui::EndDisabled();
  ImGui::BeginDisabled(shut.all);
  draw_footer(desk, typing);
  ImGui::EndDisabled();
}

void draw_question(Keys& keys, DeskActions& actions, int width, int height) {
  ImGui::SetNextWindowPos({0.5f * static_cast<float>(width), 0.5f * static_cast<float>(height)}, ImGuiCond_Always,
                          {0.5f, 0.5f});
  ImGui::SetNextWindowBgAlpha(0.95f);
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_AlwaysAutoResize |
                                 ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings;
  const bool end = keys.question() == Question::kEnd;
  if (ImGui::Begin("question", nullptr, flags)) {
    const std::string text =
        end ? "End the show?" : fmt::format("There is a preset {}. Replace it?", fit(keys.preset(), 12.0f * em()));
    ImGui::TextUnformatted(text.c_str());
    ImGui::Dummy({0.0f, 0.3f * em()});
    if (ImGui::Button(end ? "End it (Enter or Y)" : "Replace (Enter or Y)", {11.0f * em(), 0.0f}))
      keys.answer(true, actions);
    ImGui::SameLine();
    if (ImGui::Button(end ? "Go on (any other key)" : "Keep it (any other key)", {11.0f * em(), 0.0f}))
      keys.answer(false, actions);
  }
  ImGui::End();
}

}  // namespace ombra::show
