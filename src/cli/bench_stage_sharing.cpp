// What each way out costs the show besides its window: one show off-screen, in which they are switched on in turn for a
// few seconds each, so that all of them meet the same machine, the same music and the same look.

#include "cli/bench_stage.hpp"
#include "cli/measure/scratch_folder.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/quantile.hpp"
#include "show/dance/dancer_source.hpp"
#include "show/session/session.hpp"

#include <fmt/format.h>

#include <functional>
#include <vector>

namespace ombra::cli {
namespace {

constexpr double kSharingWarmUpS = 4.0;  // shaders, networks, the music comes in
constexpr double kSharingSettleS = 0.7;  // the beginning of a part is not counted

struct WayOut {
  const char* name;
  std::function<void(bool on)> turn;
  std::function<bool()> works = [] { return true; };  // asked at the end of its part
  std::vector<double> ms = {};                        // of frames
};

void measure_way(show::Session& session, WayOut& way, double seconds) {
  way.turn(true);
  const double start_s = now_s();
  double last_s = start_s;
  while (last_s - start_s < seconds && session.frame()) {
    const double now = now_s();
    if (now - start_s > kSharingSettleS) way.ms.push_back(1000.0 * (now - last_s));
    last_s = now;
  }
  if (!way.works()) way.ms.clear();
  way.turn(false);
}

show::SessionOptions sharing_options(const StageBench& options, const std::filesystem::path& folder) {
  show::SessionOptions s;
  s.width = options.output.width, s.height = options.output.height;
  s.model = options.model;
  s.dancer = show::model_dancers("auto", 1);
  s.sets = {"show/governor=off"};  // or it would draw fewer pixels while something is slow
  s.input = show::kBundledTrack;
  s.silent = true, s.headless = true, s.keep_session = false;
  s.uncapped = true;
  s.recording.folder = folder;
  s.sharing.stream = "udp://127.0.0.1:9";  // the port at which everything is thrown away
  return s;
}

}  // namespace

void bench_sharing(const StageBench& options, BenchTable& table) {
  const ScratchFolder scratch("sharing");
  show::Session session(sharing_options(options, scratch.path()));
  show::ShowParams& p = session.params();
  std::vector<WayOut> ways = {
      {"none", [](bool) {}},
      {"recording", [&](bool on) { p.set(p.record_on.index, on ? 1.0 : 0.0); }},
      {"stream to a port that nobody reads", [&](bool on) { p.set(p.share_stream.index, on ? 1.0 : 0.0); }},
      {"PipeWire, nobody captures", [&](bool on) { p.set(p.share_pipewire.index, on ? 1.0 : 0.0); },
       [&] { return session.sharing().pipewire.status.state == media::OutletStatus::State::kReady; }},
  };
  for (const double until_s = now_s() + kSharingWarmUpS; now_s() < until_s && session.frame();) continue;
  for (int part = 0; part < options.parts && !interrupted(); ++part) {
    for (WayOut& way : ways) measure_way(session, way, 0.5 * options.part_s);
  }
  if (interrupted()) throw error("interrupted\nhint: --no-sharing leaves this part out");
  table.section("stage_sharing",
                fmt::format("pixels out: frames of a show, {}x{}, off-screen, as fast as it can, drawn by {}",
                            options.output.width, options.output.height, session.report().renderer));
  for (const WayOut& way : ways) {
    if (way.ms.empty())
      log::warn("{}: it does not run here, and was not measured", way.name);
    else
      table.add(way.name, way.ms);
  }
  for (const WayOut& way : ways) {
    if (&way != &ways.front() && !way.ms.empty())
      table.add_figure(fmt::format("{}: ratio of medians", way.name), median(way.ms) / median(ways[0].ms), "x");
  }
}

}  // namespace ombra::cli
