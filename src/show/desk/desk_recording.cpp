// The recording: one button, and while it runs how long, how large, who encodes, what is left of the disk.
#include "show/desk/desk_widgets.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ombra::show {
namespace {

std::string clock_text(double seconds) {
  const auto s = static_cast<long>(std::max(0.0, seconds));
  return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

std::string size_text(std::int64_t bytes) {
  const double mb = static_cast<double>(bytes) / 1e6;
  return mb < 1000.0 ? fmt::format("{:.0f} MB", mb) : fmt::format("{:.1f} GB", mb / 1000.0);
}

std::string left_text(const media::RecorderStatus& s) {
  if (s.free_bytes < 0) return {};
  const std::string free = size_text(s.free_bytes) + " free";
  if (s.left_s < 0.0) return free;
  return s.left_s < 3600.0 ? fmt::format("{}, {:.0f} min left", free, s.left_s / 60.0)
                           : fmt::format("{}, {:.0f} h left", free, s.left_s / 3600.0);
}

void draw_take(const TakeStatus& take) {
  if (take.folder.empty()) return;
  const bool on = take.message.empty();
  const std::string text = fmt::format("take {}   {}", clock_text(take.seconds), size_text(take.bytes));
  ImGui::TextColored(on ? theme::kDim : theme::kAlarm, "%s", on ? text.c_str() : "take ended");
  help(fmt::format("{}\nStores this show, so that `ombra render` can draw it again at any size.{}{}", take.folder,
                   on ? "" : "\n", take.message));
}

}  // namespace

void draw_recording(DeskContext& desk) {
  draw_take(desk.view.take);
  const RecordingView& v = desk.view.recording;
  const media::RecorderStatus& s = v.status;
  ImGui::PushStyleColor(ImGuiCol_Text, theme::kAlarm);
  const bool pressed = ImGui::Button(v.on ? "Stop##record" : "Record##record", {5.6f * em(), 0.0f});
  ImGui::PopStyleColor();
  help("Records what the audience sees and hears, without this desk. Format, size and rate are under Machine." +
       key_hint(desk, "record/on"));
  if (pressed) desk.params.set(desk.params.record_on.index, desk.params.get(desk.params.record_on) ? 0.0 : 1.0);
  ImGui::SameLine();
  if (!v.on) {
    const std::string last = s.ended && !s.failed ? s.path.filename().string() : "";
    ImGui::TextDisabled("%s", fit(last, ImGui::GetContentRegionAvail().x).c_str());
    if (s.ended) help(s.path.string());
    return;
  }
  // one line, so that nothing moves when a recording begins
  const std::string lost = s.left_out > 0 ? fmt::format("{} left out   ", s.left_out) : "";
  const std::string text = fmt::format("{}   {}   {}{}", clock_text(s.seconds), size_text(s.bytes), lost, left_text(s));
  ImGui::TextColored(s.left_out * 20 > s.pictures ? theme::kAlarm : theme::kText, "%s",
                     fit(text, ImGui::GetContentRegionAvail().x).c_str());
  help(
      fmt::format("{}\n{}\nEncoder: {}{}, {:.1f} ms a picture. {} of {} pictures were left out because the encoder was "
                  "too slow; the others have their true times.{}",
                  s.path.string(), text, s.encoder, s.remark.empty() ? "" : " (" + s.remark + ")", s.encode_ms,
                  s.left_out, s.pictures + s.left_out, s.files > 1 ? fmt::format("\nFile number {}.", s.files) : ""));
}

}  // namespace ombra::show
