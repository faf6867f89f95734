// What is set once at a place: input and output, recording, the desk itself.
#include "show/desk/desk_widgets.hpp"

#include <fmt/format.h>

namespace ombra::show {
namespace {

const char* heading(audio::InputKind kind) {
  switch (kind) {
    case audio::InputKind::kMonitor:
      return "what this computer plays";
    case audio::InputKind::kInput:
      return "microphones and interfaces";
    case audio::InputKind::kTrack:
      break;
  }
  return "sound files";
}

std::string about(const audio::InputDevice& input) {
  if (input.kind == audio::InputKind::kTrack) return input.id;
  return fmt::format("{}, {} channels, {:.0f} Hz{}{}", input.host_api, input.channels, input.default_rate_hz,
                     input.playing ? ", something plays through it now" : "",
                     input.available ? "" : ", nothing is plugged in");
}

}  // namespace

void draw_input_choice(DeskContext& desk, float width) {
  const DeskView& view = desk.view;
  ImGui::SetNextItemWidth(width > 0.0f ? width : -1.0f);
  const bool open =
      ImGui::BeginCombo("##input", view.listener.source.empty() ? "no input" : view.listener.source.c_str());
  if (!open) {
    keep_place(desk.memory, "input");
    help("Where the music comes from. A monitor hears what this computer plays.");
    return;
  }
  if (ImGui::IsWindowAppearing()) desk.actions.refresh_inputs = true;
  for (std::size_t i = 0; i < view.inputs.size(); ++i) {
    const audio::InputDevice& input = view.inputs[i];
    if (i == 0 || view.inputs[i - 1].kind != input.kind) ImGui::TextDisabled("%s", heading(input.kind));
    const std::string name = fmt::format("{}{}##{}", input.name, input.is_default ? "  (default)" : "", input.number);
    if (ImGui::Selectable(name.c_str(), input.name == view.listener.source)) desk.actions.open_input = input.name;
    help(about(input));
  }
  if (view.inputs.empty()) ImGui::TextDisabled("no sound input found");
  ImGui::EndCombo();
}

void draw_setup(DeskContext& desk) {
  section("input and output");
  if (!desk.view.own_window || desk.memory.narrow) {  // elsewhere it is in the header
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted("Input");
    ImGui::SameLine(7.2f * em());
    draw_input_choice(desk);
  }
  draw_params(desk, Section::kInOut);
  section("recording");
  draw_params(desk, Section::kRecording);
  ImGui::TextDisabled("%s", fit(desk.view.recording.folder.string(), ImGui::GetContentRegionAvail().x).c_str());
  help(fmt::format("Recordings go to {}; --record-folder changes the folder, for later shows too.",
                   desk.view.recording.folder.string()));
  section("this desk");
  draw_params(desk, Section::kDesk);
  ImGui::PushTextWrapPos(0.0f);
  ImGui::TextDisabled("A model folder, a preset or a song can be dropped on the window.");
  ImGui::PopTextWrapPos();
}

}  // namespace ombra::show
