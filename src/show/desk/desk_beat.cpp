// Who leads the beat, and the hand on it: tap, nudge, the 1, half and double, a typed tempo, Ableton Link, MIDI clock.
#include "core/bar.hpp"
#include "core/number.hpp"
#include "show/desk/desk_widgets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace ombra::show {
namespace {

// Buttons for triggers, side by side over the whole width.
void draw_row(DeskContext& desk, std::initializer_list<TriggerParam> row) {
  const auto count = static_cast<float>(row.size());
  const float gap = 0.3f * em(), width = (ImGui::GetContentRegionAvail().x - gap * (count - 1.0f)) / count;
  bool first = true;
  for (const TriggerParam p : row) {
    const Declaration& d = desk.params.declaration(p.index);
    if (!first) ImGui::SameLine(0.0f, gap);
    first = false;
    if (ImGui::Button(d.label.c_str(), {width, 0.0f})) desk.params.fire(p.index);
    keep_place(desk.memory, d.path);
    help(d.help + key_hint(desk, d.path));
  }
}

// Large, and lit by the beat, so that one sees what one taps against.
void draw_tap(DeskContext& desk) {
  const DeskView& view = desk.view;
  const double beat = view.beat - std::floor(view.beat);
  const auto glow = static_cast<float>((1.0 - beat) * (1.0 - beat));
  const ImVec4 lit{theme::kWarm.x, theme::kWarm.y, theme::kWarm.z, 0.12f + 0.38f * glow};
  ImGui::PushStyleColor(ImGuiCol_Button, lit);
  ImGui::PushFont(desk.fonts.large);
  const int taps = view.lead.lead.taps;
  const std::string text = taps > 0 ? fmt::format("Tap  {}###tap", taps) : "Tap###tap";
  // acts when the button goes down: a click that is let go comes a tenth of a second late
  ImGui::Button(text.c_str(), {-1.0f, 3.0f * em() / 1.9f});
  if (ImGui::IsItemActivated()) desk.params.fire(desk.params.tap.index);
  ImGui::PopFont();
  ImGui::PopStyleColor();
  const Declaration& d = desk.params.declaration(desk.params.tap.index);
  help(d.help + key_hint(desk, d.path));
}

void draw_typed(DeskContext& desk) {
  DeskMemory& m = desk.memory;
  const ShowParams& p = desk.params;
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted("Tempo");
  ImGui::SameLine(7.2f * em());
  ImGui::SetNextItemWidth(-1.0f);
  if (m.focus == kTempoField) m.tempo = {};
  const double typed = p.base(p.typed_bpm.index);
  const std::string hint = typed > 0.0 ? fmt::format("{:g} BPM, typed", typed) : "type it: 128 Enter";
  if (draw_field(m, kTempoField, hint.c_str(), m.tempo, ImGuiInputTextFlags_CharsDecimal)) {
    const double bpm = parse_typed_number(m.tempo.data()).value_or(0.0);
    desk.params.set(p.typed_bpm.index, bpm > 0.0 ? std::max(30.0, bpm) : 0.0);
    m.tempo = {};
  }
  const Declaration& d = p.declaration(p.typed_bpm.index);
  help(d.help + key_hint(desk, d.path));
}

// Which beat of the bar it is, and who says so.
std::string bar_text(const DeskContext& desk) {
  const DeskView& view = desk.view;
  const BeatGrid& grid = view.audio.grid;
  const audio::LeadStatus& s = view.lead.lead;
  if (!s.one_given && !bar_known(grid)) {
    const std::string key = desk.keys.first("downbeat");
    return key.empty() ? "not known" : fmt::format("not known: press {} on the 1", key);
  }
  const std::string who =
      s.one_given                                     ? "set by hand"
      : s.lead == audio::Lead::kTracker && !s.waiting ? fmt::format("heard, {:.0f} %", 100.0f * grid.bar_confidence)
      : s.lead == audio::Lead::kHand || s.waiting     ? "kept"
                                                      : fmt::format("from {}", audio::lead_name(s.lead));
  return fmt::format("{} of {}  {}", static_cast<int>(grid.place_in_bar(view.beat)) + 1, grid.beats_per_bar, who);
}

std::string shifts(const audio::LeadStatus& s) {
  std::string text;
  if (s.doublings != 0) text += fmt::format("{}{}  ", s.doublings > 0 ? "x" : "/", 1 << std::abs(s.doublings));
  if (std::abs(s.nudge_ms) >= 0.5) {
    text += fmt::format("{:.0f} ms {}  ", std::abs(s.nudge_ms), s.nudge_ms > 0.0 ? "earlier" : "later");
  }
  if (s.one_given) text += "1 set by hand";
  return text.empty() ? "none" : text;
}

void draw_link(DeskContext& desk) {
  const BeatStatus& s = desk.view.lead;
  draw_params(desk, Section::kLink);
  if (!desk.params.get(desk.params.link)) return;
  draw_params(desk, Section::kLinkOn);
  const std::string tempo = s.link_bpm > 0.0 ? fmt::format(", {:.2f} BPM", s.link_bpm) : s.peers > 0 ? ", stopped" : "";
  value_line("Peers", fmt::format("{}{}", s.peers, tempo), "Other programs and devices in the Link session.");
}

void draw_midi(DeskContext& desk) {
  const BeatStatus& s = desk.view.lead;
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted("MIDI clock");
  help("The MIDI input whose clock is followed.");
  ImGui::SameLine(7.2f * em());
  ImGui::SetNextItemWidth(-1.0f);
  if (ImGui::BeginCombo("##midi", s.midi_port.empty() ? "none" : s.midi_port.c_str())) {
    if (ImGui::IsWindowAppearing()) desk.actions.refresh_midi = true;
    if (ImGui::Selectable("none", s.midi_port.empty())) desk.actions.open_midi = "";
    for (const std::string& name : s.midi_ports) {
      if (ImGui::Selectable(name.c_str(), name == s.midi_port)) desk.actions.open_midi = name;
    }
    ImGui::EndCombo();
  }
  value_line("",  // always there, so that nothing moves when a port comes or goes
             s.midi_port.empty() ? "no input is open"
             : s.midi_bpm > 0.0  ? fmt::format("{:.1f} BPM", s.midi_bpm)
             : s.midi_ticking    ? "ticks, stopped"
                                 : "none arrives",
             "24 ticks a beat, with start and stop.");
}

}  // namespace

void draw_beat(DeskContext& desk) {
  const ShowParams& p = desk.params;
  const BeatStatus& s = desk.view.lead;
  draw_params(desk, Section::kLead);
  value_line(
      "Now",
      fmt::format("{}  {:.1f} BPM  {:.0f} %", lead_text(s), s.lead.bpm, 100.0f * desk.view.audio.grid.confidence),
      "Who leads now, the tempo, and the confidence in it.");
  value_line("Bar", bar_text(desk),
             "The beat of the bar and its source: the music, Link or MIDI clock, or your hand, which comes first.");
  section("by hand");
  draw_tap(desk);
  draw_row(desk, {p.earlier, p.later, p.half, p.twice});
  draw_row(desk, {p.resync, p.beat_reset});
  draw_typed(desk);
  draw_params(desk, Section::kByHand);
  value_line("On top", shifts(s.lead), "What you have changed by hand.");
  section("other clocks");
  draw_link(desk);
  draw_midi(desk);
  section("picture and sound");
  draw_params(desk, Section::kPictureAndSound);
}

}  // namespace ombra::show
