// What leaves and where to: the live picture in small, the outputs, the displays that could be one.
#include "show/desk/desk_widgets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ombra::show {
namespace {

constexpr std::size_t kMaxOutputs = 4;
constexpr std::array<const char*, kMaxOutputs> kClosePlaces{"close output 1", "close output 2", "close output 3",
                                                            "close output 4"};
constexpr std::array<const char*, kMaxOutputs> kOpenPlaces{"open output 1", "open output 2", "open output 3",
                                                           "open output 4"};

std::string short_name(const Display& display) { return display.connector.empty() ? display.name : display.connector; }

std::string about(const Display& display) {
  return fmt::format("{}, {} x {}, {} Hz, at {}, {} of the desktop", display_title(display.name, display.connector),
                     display.width, display.height, display.refresh_hz, display.x, display.y);
}

// -> "Swap (F10)"; without a key the word alone
std::string with_key(const DeskContext& desk, const char* word, std::string_view command) {
  const std::string key = desk.keys.first(command);
  return key.empty() ? word : fmt::format("{} ({})", word, key);
}

// Words over a corner of the picture that say why it is not what one expects.
void draw_tags(const DeskContext& desk, ImVec2 at) {
  const ShowParams& p = desk.params;
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (const BoolParam each : {p.blackout, p.freeze, p.test_card}) {
    if (!p.get(each)) continue;
    const std::string& word = p.declaration(each.index).label;
    const float width = ImGui::CalcTextSize(word.c_str()).x + 0.8f * em();
    list->AddRectFilled(at, {at.x + width, at.y + 1.4f * em()}, theme::ink(theme::kWarning), 0.25f * em());
    list->AddText({at.x + 0.4f * em(), at.y + 0.2f * em()}, theme::ink(theme::kPanel), word.c_str());
    at.x += width + 0.3f * em();
  }
}

void draw_output(DeskContext& desk, std::size_t number) {
  const OutputView& output = desk.view.outputs[number];
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float room = ImGui::GetContentRegionAvail().x, close = ImGui::GetFrameHeight();
  const ImVec4& colour = output.there ? theme::kNote : theme::kWarning;
  ImGui::PushID(static_cast<int>(number));
  ImGui::AlignTextToFramePadding();
  ImGui::Dummy({1.2f * em(), ImGui::GetFrameHeight()});
  const Message sign{"", output.there ? Message::Kind::kNote : Message::Kind::kWarning};
  draw_sign(sign, {at.x, at.y + 0.22f * em()});
  ImGui::SameLine(0.0f, 0.0f);
  ImGui::AlignTextToFramePadding();
  const std::string state = output.there ? fmt::format("{} x {}, {} Hz", output.display.width, output.display.height,
                                                       output.display.refresh_hz)
                                         : "not there";
  const float wide = ImGui::CalcTextSize(state.c_str()).x;
  const float words = room - close - 1.2f * em() - wide - 1.2f * em();
  const auto its = std::ranges::find(desk.view.displays, output.display);
  // the number that Identify shows on it
  const std::string name = its == desk.view.displays.end()
                               ? short_name(output.display)
                               : fmt::format("{} {}", its - desk.view.displays.begin(), short_name(output.display));
  ImGui::TextUnformatted(fit(name, words).c_str());
  help(about(output.display));
  ImGui::SameLine(ImGui::GetCursorPosX() + room - close - wide - 0.6f * em());
  ImGui::TextColored(output.there ? theme::kDim : colour, "%s", state.c_str());
  help(output.there ? "The picture is on this display." : "The picture comes back by itself when this display does.");
  ImGui::SameLine(ImGui::GetCursorPosX() + room - close);
  if (ImGui::Button("x", {close, 0.0f})) desk.actions.close_output = number;
  if (number < kMaxOutputs) keep_place(desk.memory, kClosePlaces[number]);
  help("Closes this output. The show goes on.");
  ImGui::PopID();
}

// The displays that the picture could go to.
void draw_offers(DeskContext& desk) {
  const DeskView& view = desk.view;
  if (view.outputs.size() >= kMaxOutputs) return;
  std::size_t offers = 0;
  for (std::size_t i = 0; i < view.displays.size(); ++i) {
    const Display& display = view.displays[i];
    const bool taken = std::ranges::any_of(view.outputs, [&](const OutputView& o) { return o.display == display; });
    if (taken || static_cast<int>(i) == view.desk_display || offers >= kMaxOutputs) continue;
    ImGui::PushID(static_cast<int>(i));
    const std::string text = fit("Show on " + short_name(display), ImGui::GetContentRegionAvail().x - em());
    if (ImGui::Button(text.c_str(), {-1.0f, 0.0f})) desk.actions.open_output = display;
    keep_place(desk.memory, kOpenPlaces[offers++]);
    help(fmt::format("The picture fills this display, too: {}.", about(display)));
    ImGui::PopID();
  }
}

}  // namespace

void draw_preview(const DeskContext& desk) {
  const PreviewView& preview = desk.view.preview;
  const ImVec2 low = ImGui::GetWindowPos(), room = ImGui::GetWindowSize();
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (preview.texture == 0 || preview.width <= 0 || preview.height <= 0) {
    list->AddText({low.x + em(), low.y + em()}, theme::ink(theme::kDim), "no picture yet");
  } else {
    const float scale =
        std::min(room.x / static_cast<float>(preview.width), room.y / static_cast<float>(preview.height));
    const ImVec2 size{std::round(scale * static_cast<float>(preview.width)),
                      std::round(scale * static_cast<float>(preview.height))};
    const ImVec2 at{std::round(low.x + 0.5f * (room.x - size.x)), std::round(low.y + 0.5f * (room.y - size.y))};
    begin_opaque(list);
    list->AddImage(texture_id(preview), at, {at.x + size.x, at.y + size.y}, {0.0f, 1.0f}, {1.0f, 0.0f});
    end_opaque(list);
  }
  draw_tags(desk, {low.x + 0.5f * em(), low.y + 0.5f * em()});
  ImGui::InvisibleButton("preview", room);
  help("What leaves, as it is on the outputs.");
}

void draw_outputs(DeskContext& desk) {
  const float gap = 0.3f * em(), room = ImGui::GetContentRegionAvail().x, width = 0.5f * (room - gap);
  const std::string swap = fit(with_key(desk, "Swap", "swap_outputs"), width - 0.4f * em()) + "###swap";
  if (ImGui::Button(swap.c_str(), {width, 0.0f})) desk.actions.swap_outputs = true;
  keep_place(desk.memory, "swap");
  help("Desk and picture change places.");
  ImGui::SameLine(0.0f, gap);
  const std::string identify = fit(with_key(desk, "Identify", "identify"), width - 0.4f * em()) + "###identify";
  if (ImGui::Button(identify.c_str(), {width, 0.0f})) desk.actions.identify = true;
  keep_place(desk.memory, "identify");
  help("Every display shows its number and name for a moment.");
  for (std::size_t i = 0; i < desk.view.outputs.size(); ++i) draw_output(desk, i);
  if (desk.view.outputs.empty()) {
    ImGui::AlignTextToFramePadding();
    ImGui::TextDisabled("no output: the picture is here only");
  }
  draw_offers(desk);
  if (!desk.memory.narrow) return;  // elsewhere the picture has a place of its own
  ImGui::BeginChild("picture", {room, room * 9.0f / 16.0f}, false);
  draw_preview(desk);
  ImGui::EndChild();
}

}  // namespace ombra::show
