// The machine: what holds the frame rate, and, folded, how it runs.
#include "show/desk/desk_widgets.hpp"
#include "stage/stage.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ombra::show {
namespace {

void draw_frame_times(const FrameStats& stats) {
  const Times& t = stats.times();
  ImGui::PlotLines("##frames", t.history_ms().data(), t.known(), t.first(), nullptr, 0.0f,
                   std::max(34.0f, static_cast<float>(stats.p99_ms())),
                   {ImGui::GetContentRegionAvail().x, 2.6f * em()});
  help("Length of the last 600 frames. Flat and low is good.");
}

// The dearest parts of drawing a picture, as bars against all of it.
void draw_cost(const DrawCost& cost) {
  double total_ms = 0.0;
  for (const gfx::GpuTimer::Part& part : cost.parts()) total_ms += part.ms;
  if (total_ms <= 0.0) return;
  value_line("Drawing", fmt::format("{:.1f} ms a picture", total_ms),
             "GPU time of one picture; below, that of its passes.");
  for (const gfx::GpuTimer::Part& part : cost.parts()) {
    if (part.ms < 0.01 * total_ms) continue;
    std::string name = part.name;
    std::replace(name.begin(), name.end(), '_', ' ');
    ImGui::TextDisabled("  %s", name.c_str());
    ImGui::SameLine(7.2f * em());
    ImGui::ProgressBar(static_cast<float>(part.ms / total_ms), {-1.0f, 0.9f * em()},
                       fmt::format("{:.2f}", part.ms).c_str());
  }
}

void draw_resolution(const DeskView& view) {
  const Governor& g = *view.governor;
  const int width = stage::Stage::drawn_size(view.width, g.scale());
  const int height = stage::Stage::drawn_size(view.height, g.scale());
  value_line("Resolution",
             g.scale() < 1.0 ? fmt::format("{} x {}, {:.0f} % of {} x {}", width, height, 100.0 * g.scale(), view.width,
                                           view.height)
                             : fmt::format("{} x {}", width, height),
             fmt::format("Resolution, as a share of the picture's. The governor lowers it before pictures are late.{}",
                         g.holding() ? fmt::format("\n{}", g.message()) : ""));
}

void draw_counters(const DeskView& view) {
  const FrameStats& s = *view.stats;
  draw_frame_times(s);
  value_line("Picture",
             fmt::format("{:.0f} fps   {:.1f} / {:.1f} / {:.1f} ms", s.fps(), s.p50_ms(), s.p95_ms(), s.p99_ms()),
             "Frames a second; median, 95th and 99th percentile of the frame time, over ten seconds.");
  value_line("Dropped", fmt::format("{} of {}", s.dropped(), s.frames() + s.dropped()),
             "Refreshes that showed the previous picture although a new one was due.");
  if (view.governor) draw_resolution(view);
  if (view.cost) draw_cost(*view.cost);
  value_line("Latency", fmt::format("{:.0f} ms", view.latency_ms), "From a sound at the input to the changed picture.");
  value_line("Network", fmt::format("{:.1f} ms a frame", view.dance.frame_ms),
             "What the dancer needs for one frame, next to the picture's own time.");
  value_line("Decode", view.decoder,
             "Who draws the dancer from its latents, and what a picture takes: shaders on the graphics card, or the "
             "processor.");
  value_line("Missed", std::to_string(view.dance.misses),
             "Frames that showed the previous picture because the network was late.");
  value_line("Moves",
             fmt::format("{}, {} jumps, {} freezes", view.dance.counters.moves, view.dance.counters.jumps,
                         view.dance.counters.freezes),
             "Moves so far; jumps to seed phrases; how often the freeze guard acted.");
  const std::uint64_t lost = view.listener.overruns + view.listener.dropped_samples;
  if (!view.listener.channels.empty()) {
    value_line(
        "Channels", view.listener.channels,
        "Which channels of the input are listened to: the loudest two, or those of --channels; and which are silent.");
  }
  value_line("Sound",
             fmt::format("{:.0f} Hz, {} lost, {} reconnects", view.listener.rate_hz, lost, view.listener.reconnects),
             "Sample rate; overruns and samples lost; times that the input came back.",
             lost > 0 ? theme::kAlarm : theme::kText);
  value_line("Graphics", view.renderer.substr(0, 30), view.renderer);
  value_line("Model", view.dance.info.name, view.model);
}

}  // namespace

void draw_machine(DeskContext& desk) {
  draw_params(desk, Section::kMachine);
  if (desk.view.own_window) ImGui::SetNextItemOpen(true, ImGuiCond_FirstUseEver);  // there is room
  for (const ImGuiCol part : {ImGuiCol_Header, ImGuiCol_HeaderHovered, ImGuiCol_HeaderActive})
    ImGui::PushStyleColor(part, part == ImGuiCol_Header ? theme::kWell : theme::kWellHover);
  const bool unfolded = ImGui::CollapsingHeader("How it runs");
  ImGui::PopStyleColor(3);
  keep_place(desk.memory, "how it runs");
  if (!unfolded) return;
  ImGui::PushTextWrapPos(0.0f);
  draw_counters(desk.view);
  ImGui::PopTextWrapPos();
}

}  // namespace ombra::show
