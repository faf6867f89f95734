// What the show hears: the beat light with tempo and bar, a strip of the last seconds, the bands, input and gain.
#include "core/bar.hpp"
#include "show/desk/desk_widgets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ombra::show {
namespace {

// Four lamps, one per beat of the bar; the lit one fades until the next beat.
void draw_beat_lamps(const DeskView& view, float width, float height) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const BeatGrid& grid = view.audio.grid;
  const int beats = std::clamp(grid.beats_per_bar, 2, 8);
  const float gap = 0.4f * em(), side = (width - static_cast<float>(beats - 1) * gap) / static_cast<float>(beats);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const double place = grid.place_in_bar(view.beat);
  const int lit = static_cast<int>(place);
  const auto phase = static_cast<float>(place - lit);
  const float strength = 0.35f + 0.65f * std::clamp(grid.confidence, 0.0f, 1.0f);
  for (int i = 0; i < beats; ++i) {
    const ImVec2 low{at.x + (side + gap) * static_cast<float>(i), at.y}, high{low.x + side, at.y + height};
    list->AddRectFilled(low, high, theme::ink(theme::kWell), 0.25f * em());
    if (i != lit) continue;
    const float glow = (1.0f - phase) * (1.0f - phase), halo = 0.18f * em() * glow;
    const ImVec4& colour = i == 0 && bar_known(grid) ? theme::kText : theme::kCool;
    list->AddRectFilled({low.x - halo, low.y - halo}, {high.x + halo, high.y + halo},
                        theme::ink(colour, 0.3f * glow * strength), 0.4f * em());
    list->AddRectFilled(low, high, theme::ink(colour, strength * (0.2f + 0.8f * glow)), 0.25f * em());
  }
  ImGui::Dummy({width, height});
  help(
      "The current beat of the bar; the first is white once it is known. Pale: no clear beat is heard, and the dancer "
      "keeps its own time.");
}

// The last seconds: loudness as a hill, bass as the brighter one before it, onsets as ticks along the top.
void draw_strip(DeskContext& desk, float width, float height) {
  const DeskMemory& m = desk.memory;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, {at.x + width, at.y + height}, theme::ink(theme::kWell), 0.25f * em());
  const float step = width / static_cast<float>(DeskMemory::kStrip), floor = at.y + height - 1.0f;
  const float room = height - 0.5f * em();
  for (int i = 0; i < DeskMemory::kStrip; ++i) {
    const auto k = static_cast<std::size_t>((m.strip_at + i) % DeskMemory::kStrip);
    const float x = at.x + step * static_cast<float>(i);
    list->AddRectFilled({x, floor - room * std::clamp(m.level[k], 0.0f, 1.0f)}, {x + step, floor},
                        theme::ink(theme::kCool, 0.30f));
    list->AddRectFilled({x, floor - room * 0.8f * std::clamp(m.bass[k], 0.0f, 1.0f)}, {x + step, floor},
                        theme::ink(theme::kCool, 0.80f));
    if (m.onset[k] > 0.0f) {
      list->AddRectFilled({x, at.y + 1.0f}, {x + std::max(1.5f, 1.2f * step), at.y + 0.35f * em()},
                          theme::ink(theme::kText, 0.35f + 0.6f * m.onset[k]));
    }
  }
  ImGui::Dummy({width, height});
  help("The last four seconds: loudness, bass (brighter), onsets (ticks).");
}

void draw_bar(const char* name, float value, const ImVec4& colour, float height, const char* text) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = 0.75f * em(), bar = height - 1.1f * em();
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, {at.x + width, at.y + bar}, theme::ink(theme::kWell), 0.15f * em());
  const float filled = bar * std::clamp(value, 0.0f, 1.0f);
  list->AddRectFilled({at.x, at.y + bar - filled}, {at.x + width, at.y + bar}, theme::ink(colour, 0.9f), 0.15f * em());
  const float letter = ImGui::CalcTextSize(name).x;
  list->AddText({at.x + 0.5f * (width - letter), at.y + bar + 0.05f * em()}, theme::ink(theme::kDim), name);
  ImGui::Dummy({width, height});
  help(text);
}

void draw_input_line(const DeskView& view) {
  const AudioFrame& a = view.audio;
  const std::string levels = a.silent ? "silence" : fmt::format("{:.0f} dB  {:+.0f} dB", a.input_dbfs, a.gain_db);
  const std::string numbers = a.clipping ? "CLIP  " + levels : levels;
  const float width = ImGui::CalcTextSize(numbers.c_str()).x, room = ImGui::GetContentRegionAvail().x;
  const std::string source = view.listener.source.empty() ? "no sound" : view.listener.source;
  ImGui::TextDisabled("%s", fit(source, room - width - em()).c_str());
  help(fmt::format("Listening to: {}", view.listener.source.empty() ? "nothing" : view.listener.source));
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - width);
  ImGui::TextColored(a.clipping ? theme::kAlarm : theme::kDim, "%s", numbers.c_str());
  help(a.clipping ? "The input is too loud and clips: turn the source down."
                  : "Loudness at the input, and what the automatic gain adds to it.");
}

}  // namespace

void draw_tempo(const DeskContext& desk, float width) {
  const DeskView& view = desk.view;
  const float room = width > 0.0f ? width : ImGui::GetContentRegionAvail().x, left = ImGui::GetCursorPosX();
  ImGui::PushFont(desk.fonts.large);
  ImGui::TextUnformatted(fmt::format("{:5.1f}", view.lead.lead.bpm).c_str());
  const float number = ImGui::CalcTextSize("888.8").x;  // nothing moves when the tempo does
  ImGui::PopFont();
  ImGui::SameLine(left + number + 0.4f * em());
  ImGui::BeginGroup();
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() - 0.05f * em());
  ImGui::TextDisabled("BPM");
  const float confidence = std::clamp(view.audio.grid.confidence, 0.0f, 1.0f);
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() - 0.35f * em());
  const bool tracker = view.lead.lead.lead == audio::Lead::kTracker;
  const std::string text = !tracker             ? lead_word(view.lead)
                           : confidence < 0.15f ? "own time"
                                                : fmt::format("{:.0f} % sure", 100.0f * confidence);
  ImGui::TextDisabled("%s", text.c_str());
  help(fmt::format("Who leads the beat: {}. Confidence in tempo and beat: {:.0f} %. More under Beat.",
                   lead_text(view.lead), 100.0f * confidence));
  ImGui::EndGroup();
  ImGui::SameLine(left + number + 6.2f * em());
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() + 0.3f * em());
  draw_beat_lamps(view, left + room - ImGui::GetCursorPosX(), 1.5f * em());
}

void draw_sound(DeskContext& desk, float ems) {
  const AudioFrame& a = desk.view.audio;
  const float height = ems * em(), bars = 4.0f * 1.15f * em();
  draw_strip(desk, ImGui::GetContentRegionAvail().x - bars - 0.5f * em(), height);
  const float gap = 0.4f * em();
  const struct {
    const char* name;
    float value;
    ImVec4 colour;
    const char* text;
  } columns[] = {{"L", a.level, theme::kCool, "Level: loudness after the automatic gain."},
                 {"B", a.bass, theme::kCool, "Bass: below 150 Hz."},
                 {"M", a.mid, theme::kCool, "Mid: 150 Hz to 2 kHz."},
                 {"T", a.treble, theme::kCool, "Treble: above 2 kHz."}};
  for (const auto& c : columns) {
    ImGui::SameLine(0.0f, gap);
    draw_bar(c.name, c.value, c.colour, height, c.text);
  }
  draw_input_line(desk.view);
}

}  // namespace ombra::show
