#include "show/desk/desk_frame.hpp"

#include "show/desk/desk_widgets.hpp"

#include <fmt/format.h>
#include <imgui.h>

#include <array>
#include <initializer_list>
#include <string>
#include <utility>

namespace ombra::show {
namespace {

// "X black  Z freeze": the first key of each command and a word for it; nothing of those without a key
std::string key_words(const Keys& keys, std::initializer_list<std::pair<const char*, const char*>> commands) {
  std::string text;
  for (const auto& [command, word] : commands) {
    const std::string key = keys.first(command);
    if (!key.empty()) text += fmt::format("{}{} {}", text.empty() ? "" : "  ", key, word);
  }
  return text;
}

}  // namespace

void draw_header(const DeskContext& desk) {
  ImGui::PushFont(desk.fonts.large);
  ImGui::TextColored(theme::kWarm, "Ombra");
  ImGui::PopFont();
  if (!desk.view.stats) return;
  const bool held = desk.view.governor && desk.view.governor->holding();
  const std::string text = fmt::format("{}{:.0f} fps  p99 {:.0f} ms",
                                       held ? fmt::format("{:.0f} %  ", 100.0 * desk.view.governor->scale()) : "",
                                       desk.view.stats->fps(), desk.view.stats->p99_ms());
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - ImGui::CalcTextSize(text.c_str()).x);
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() + 0.5f * em());
  ImGui::TextDisabled("%s", text.c_str());
}

void draw_tabs(DeskContext& desk) {
  using Draw = void (*)(DeskContext&);
  static constexpr std::array<std::pair<const char*, Draw>, 5> kPanels = {{
      {"Dance",
       [](DeskContext& d) {
         draw_params(d, Section::kDance);
         section("seed phrases");
         draw_seeds(d);
       }},
      {"Beat", draw_beat},
      {"Look", draw_look},
      {"Music", draw_modulation},
      {"Machine", draw_machine},
  }};
  static_assert(kBeatPanel == 1);
  for (std::size_t i = 0; i < kPanels.size(); ++i) {
    const bool open = desk.memory.panel == i;
    if (i > 0) ImGui::SameLine(0.0f, 0.3f * em());
    ImGui::PushStyleColor(ImGuiCol_Button, ImGui::GetStyleColorVec4(open ? ImGuiCol_TabActive : ImGuiCol_Tab));
    ImGui::PushStyleColor(ImGuiCol_ButtonHovered,
                          ImGui::GetStyleColorVec4(open ? ImGuiCol_TabActive : ImGuiCol_TabHovered));
    if (ImGui::Button(kPanels[i].first)) desk.memory.panel = i;
    keep_place(desk.memory, kPanels[i].first);
    ImGui::PopStyleColor(2);
  }
  ImGui::Separator();
  ImGui::PushID(kPanels[desk.memory.panel].first);
  ImGui::BeginChild("content", {0.0f, -1.3f * em()}, false);
  kPanels[desk.memory.panel].second(desk);
  ImGui::EndChild();
  ImGui::PopID();
}

void draw_footer(DeskContext& desk, const char* typing) {
  ShowParams& p = desk.params;
  const bool locked = p.get(p.key_lock);
  if (typing) {
    ImGui::TextColored(theme::kWarm, "%s", typing);
  } else {
    const std::string words =
        locked
            ? key_words(desk.keys, {{"desk", "hide"}, {"blackout", "black"}, {"freeze", "freeze"}, {"lock", "unlock"}})
            : key_words(desk.keys,
                        {{"help", "keys"}, {"desk", "hide"}, {"toggle_fullscreen", "full"}, {"quit", "quit"}});
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
  help(fmt::format(
      "Locks or unlocks the show ({}). While it is locked, only blackout, freeze, the panel's key and this act.",
      desk.keys.text("lock")));
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
