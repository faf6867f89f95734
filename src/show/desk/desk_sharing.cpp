// The picture for other programs: three switches, and beside each who takes it, or why nobody does.
#include "show/desk/desk_widgets.hpp"

#include <fmt/format.h>

namespace ombra::show {
namespace {

using State = media::OutletStatus::State;

std::string state_text(const SharingView::Each& each) {
  const media::OutletStatus& s = each.status;
  const std::string lost = s.left_out > 0 ? fmt::format("   {} left out", s.left_out) : "";
  switch (s.state) {
    case State::kTrying:
      return "connecting ...";
    case State::kReady:
      return "ready, nobody takes it";
    case State::kWaiting:
      return "trying again: " + s.message;
    case State::kGiving:
      break;
  }
  return s.kbit_per_s > 0.0 ? fmt::format("{:.0f} kbit/s{}", s.kbit_per_s, lost) : "taken" + lost;
}

void draw_each(DeskContext& desk, BoolParam param, const SharingView::Each& each) {
  draw_param(desk, param.index);
  if (!each.on) return;
  const media::OutletStatus& s = each.status;
  const bool lossy = s.left_out * 20 > s.pictures + 20;
  const bool wrong = s.state == State::kWaiting || (s.state == State::kGiving && lossy);
  ImGui::PushStyleColor(ImGuiCol_Text, wrong ? theme::kAlarm : theme::kDim);
  ImGui::TextUnformatted(fit(state_text(each), ImGui::GetContentRegionAvail().x).c_str());
  ImGui::PopStyleColor();
  help(fmt::format("{}\n{}{}{}\n{} pictures, {} left out because the other side was too slow; connection number {}.",
                   s.name, s.detail, s.detail.empty() || s.message.empty() ? "" : "\n", s.message, s.pictures,
                   s.left_out, s.connections));
}

// What is typed may hold a key, and the desk may lie over the picture: so it is hidden, and only its address is shown.
void draw_address(DeskContext& desk) {
  const SharingView& v = desk.view.sharing;
  ImGui::SetNextItemWidth(-1.0f);
  DeskMemory& m = desk.memory;
  if (draw_field(m, "address", v.address.empty() ? "address: rtmp://HOST/APP/KEY" : v.address.c_str(), m.stream_address,
                 ImGuiInputTextFlags_Password) &&
      m.stream_address[0] != '\0') {
    desk.actions.stream_to = m.stream_address.data();
    m.stream_address.fill('\0');
  }
  help(
      "Where the stream goes: udp://HOST:PORT, srt://HOST:PORT, rtmp://HOST/APP/KEY or rtmps://HOST/APP/KEY. Type or "
      "paste it, then Enter. Letters are hidden, for it may hold a key. Kept for later shows.");
}

}  // namespace

void draw_sharing(DeskContext& desk) {
  const SharingView& v = desk.view.sharing;
  ShowParams& p = desk.params;
  draw_each(desk, p.share_stream, v.stream);
  draw_address(desk);
  draw_each(desk, p.share_pipewire, v.pipewire);
  draw_each(desk, p.share_camera, v.camera);
  draw_params(desk, Section::kSharing);
}

}  // namespace ombra::show
