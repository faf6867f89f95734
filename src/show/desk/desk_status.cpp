// The status line: the most urgent message and how many others there are, on one line that is always there.
#include "show/desk/desk_widgets.hpp"

#include <fmt/format.h>
#include "core/text.hpp"

namespace ombra::show {

void draw_sign(const Message& message, ImVec2 at) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float side = 0.8f * em();
  const ImVec2 low{at.x, at.y + 0.1f * em()};
  const bool warning = message.kind == Message::Kind::kWarning;
  if (warning) {
    list->AddTriangleFilled({low.x + 0.5f * side, low.y}, {low.x + side, low.y + side}, {low.x, low.y + side},
                            theme::ink(theme::kWarning));
  } else {
    list->AddCircleFilled({low.x + 0.5f * side, low.y + 0.5f * side}, 0.5f * side, theme::ink(theme::kNote), 20);
  }
  const float size = 0.75f * em(), middle = low.x + 0.5f * side, thick = 0.12f * em();
  const ImU32 dark = theme::ink(theme::kPanel);
  if (warning) {
    list->AddRectFilled({middle - 0.5f * thick, low.y + 0.3f * size}, {middle + 0.5f * thick, low.y + 0.72f * size},
                        dark);
    list->AddRectFilled({middle - 0.5f * thick, low.y + 0.82f * size}, {middle + 0.5f * thick, low.y + 0.96f * size},
                        dark);
  } else {
    list->AddRectFilled({middle - 0.5f * thick, low.y + 0.22f * size}, {middle + 0.5f * thick, low.y + 0.36f * size},
                        dark);
    list->AddRectFilled({middle - 0.5f * thick, low.y + 0.46f * size}, {middle + 0.5f * thick, low.y + 0.88f * size},
                        dark);
  }
}

namespace {

const ImVec4& colour(const Message& message) {
  return message.kind == Message::Kind::kWarning ? theme::kWarning : theme::kNote;
}

void draw_all(const std::vector<Message>& messages, float width) {
  for (const Message& message : messages) {
    draw_sign(message, ImGui::GetCursorScreenPos());
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + 1.2f * em());
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
    ImGui::PushStyleColor(ImGuiCol_Text, colour(message));
    ImGui::TextUnformatted(message.text.c_str());
    ImGui::PopStyleColor();
    ImGui::PopTextWrapPos();
  }
}

}  // namespace

void draw_status(const DeskContext& desk, float width) {
  const std::vector<Message>& messages = desk.view.messages;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = ImGui::GetTextLineHeight();
  if (width <= 0.0f) width = ImGui::GetContentRegionAvail().x;
  const bool clicked = ImGui::InvisibleButton("status", {width, height});
  keep_place(desk.memory, "status");
  const bool hovered = ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled);
  if (!messages.empty()) {
    draw_sign(messages.front(), at);
    const std::string more = messages.size() > 1 ? fmt::format("+{}", messages.size() - 1) : "";
    const float count = more.empty() ? 0.0f : ImGui::CalcTextSize(more.c_str()).x + 0.6f * em();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const std::string text = first_line(messages.front().text);
    list->AddText({at.x + 1.2f * em(), at.y}, theme::ink(colour(messages.front())),
                  fit(text, width - 1.2f * em() - count).c_str());
    if (!more.empty()) list->AddText({at.x + width - count + 0.6f * em(), at.y}, theme::ink(theme::kDim), more.c_str());
  }
  const float wrap = width - 1.2f * em();
  const ImVec2 below{at.x - ImGui::GetStyle().WindowPadding.x, at.y + height + 0.2f * em()};
  if (clicked && !messages.empty()) ImGui::OpenPopup("messages");
  ImGui::SetNextWindowPos(below);
  if (ImGui::BeginPopup("messages")) {
    if (messages.empty()) ImGui::TextDisabled("nothing left");
    draw_all(messages, wrap);
    ImGui::EndPopup();
  } else if (hovered && desk.view.own_window && !desk.memory.narrow) {
    for (const Message& message : messages) desk.memory.help += message.text + "\n";
  } else if (hovered && !messages.empty()) {
    ImGui::SetNextWindowPos(below);
    ImGui::BeginTooltip();
    draw_all(messages, wrap);
    ImGui::EndTooltip();
  }
}

}  // namespace ombra::show
