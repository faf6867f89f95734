// `ombra bench record` and the section "record": what recording costs the show, and how fast the show is rendered.
// One show runs off-screen and is recorded every other few seconds: both halves meet the same machine, the same music
// and the same look. Then a part of the bundled track is rendered at several sizes.

#include "audio/beat/analysis.hpp"
#include "audio/beat/hindsight.hpp"
#include "cli/command.hpp"
#include "cli/measure/bench_table.hpp"
#include "cli/measure/scratch_folder.hpp"
#include "cli/render_video.hpp"
#include "cli/show_options.hpp"
#include "core/clock.hpp"
#include "core/embedded.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/quantile.hpp"
#include "media/read/audio_reader.hpp"
#include "show/offline/offline.hpp"
#include "show/session/latency.hpp"
#include "show/session/session.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <filesystem>
#include <memory>
#include <vector>

namespace ombra::cli {
namespace {

namespace fs = std::filesystem;

constexpr double kWarmUpS = 4.0;                // shaders, networks, the music comes in
constexpr double kPartS = 3.0, kSettleS = 0.7;  // of each part; its beginning is not counted
constexpr double kRenderFps = 30.0, kRenderFromS = 46.0;
constexpr std::array<const char*, 3> kRenderSizes = {"1280x720", "1920x1080", "3840x2160"};

struct RecordBench {
  ShowOptions show;
  int parts = 6;  // of each kind
  int frames = 60;
  bool no_render = false;
  fs::path json;
};

struct RecordCost {
  std::string size, renderer, encoder;
  std::array<std::vector<double>, 2> ms;  // of frames without and with recording
  std::uint64_t recorded = 0, repeated = 0, left_out = 0;
  double encode_ms = 0.0;

  double ratio() const { return median(ms[1]) / median(ms[0]); }
};

RecordCost measure_cost(const RecordBench& options, const fs::path& folder) {
  show::SessionOptions s;
  options.show.read_size(s.width, s.height);
  s.model = options.show.model_folder();
  s.dancer = options.show.dancer();
  s.sets = {"show/governor=off"};  // or it would draw fewer pixels while recording is slow
  for (std::string& each : options.show.all_sets()) s.sets.push_back(std::move(each));
  s.input = show::kBundledTrack;
  s.silent = true;
  s.headless = true;
  s.keep_session = false;
  s.recording.folder = folder;
  show::Session session(s);
  show::ShowParams& p = session.params();
  for (const double until_s = now_s() + kWarmUpS; now_s() < until_s && session.frame();) continue;

  RecordCost cost;
  for (int part = 0; part < 2 * options.parts && !interrupted(); ++part) {
    const bool on = part % 2 == 1;
    p.set(p.record_on.index, on ? 1.0 : 0.0);
    const double start_s = now_s();
    double last_s = start_s;
    while (last_s - start_s < kPartS && session.frame()) {
      const double now = now_s();
      if (now - start_s > kSettleS) cost.ms[on ? 1 : 0].push_back(1000.0 * (now - last_s));
      last_s = now;
    }
    if (!on) continue;
    const media::RecorderStatus status = session.recording();
    cost.recorded += status.pictures, cost.repeated += status.repeated, cost.left_out += status.left_out;
    cost.encode_ms = status.encode_ms, cost.encoder = status.encoder;
  }
  if (interrupted()) throw error("interrupted\nhint: --parts 2 is quicker");
  if (cost.recorded == 0) throw error("nothing was recorded\nhint: run it again with --log-level debug");
  cost.size = options.show.size, cost.renderer = session.report().renderer;
  return cost;
}

nlohmann::json to_json(const RecordCost& c) {
  const show::Spread without = show::spread(c.ms[0]), with = show::spread(c.ms[1]);
  return {{"size", c.size},
          {"renderer", c.renderer},
          {"encoder", c.encoder},
          {"frames", c.ms[0].size() + c.ms[1].size()},
          {"without_ms", {{"median", without.median}, {"p95", without.p95}}},
          {"with_ms", {{"median", with.median}, {"p95", with.p95}}},
          {"ratio", c.ratio()},
          {"recorded", c.recorded},
          {"repeated", c.repeated},
          {"left_out", c.left_out},
          {"encode_ms", c.encode_ms}};
}

void add(const RecordCost& c, BenchTable& table) {
  table.section("record", fmt::format("recording {} on {} with {}: frames of the show", c.size, c.renderer, c.encoder));
  table.add("a frame without recording", c.ms[0]);
  table.add("a frame with recording", c.ms[1]);
  table.add_figure("ratio of their medians", c.ratio(), "x");
  table.add_figure("to encode one picture, on its own thread", c.encode_ms, "ms");
  table.add_figure("pictures recorded", static_cast<double>(c.recorded), "");
  table.add_figure("of them repeated, where the show was late", static_cast<double>(c.repeated), "");
  table.add_figure("left out, where the encoder was late", static_cast<double>(c.left_out), "");
}

nlohmann::json measure_render(const RecordBench& options, const std::string& size, const media::Sound& song,
                              const std::vector<AudioFrame>& music, const fs::path& folder) {
  show::OfflineOptions o;
  ShowOptions::read_size("--size", size, o.width, o.height);
  o.dancer = options.show.dancer();
  o.model = options.show.model_folder();
  o.sets = options.show.all_sets();
  o.fps = kRenderFps;
  o.from_s = kRenderFromS;
  o.to_s = kRenderFromS + options.frames / kRenderFps;
  show::OfflineShow show(o, music);
  const RenderedVideo video = render_video(show, folder / "render.mp4", {.fps = o.fps, .sound = &song});
  if (interrupted()) throw error("interrupted\nhint: --no-render leaves this part out");
  const double frames = static_cast<double>(video.frames), took_s = video.took_s;
  return {{"size", size}, {"fps", frames / took_s}, {"real_time", frames / kRenderFps / took_s}};
}

// -> the figures, for --json
nlohmann::json measure(const RecordBench& options, BenchTable& table) {
  const ScratchFolder scratch("record");
  const RecordCost cost = measure_cost(options, scratch.path());
  add(cost, table);
  nlohmann::json all = {{"cost", to_json(cost)}, {"render", nlohmann::json::array()}};
  if (options.no_render) return all;
  table.section("render", fmt::format("rendering at {:.0f} frames a second", kRenderFps));
  const media::Sound song = media::read_audio(data_folder() / "assets" / "track.opus");
  const auto music = audio::analyse_whole(audio::mix_to_mono(song.samples, song.channels), song.rate_hz);
  for (const std::string size : kRenderSizes) {
    all["render"].push_back(measure_render(options, size, song, music, scratch.path()));
    table.add_figure(size + ", frames a second", all["render"].back()["fps"], "/s");
    table.add_figure(size + ", times real time", all["render"].back()["real_time"], "x");
  }
  return all;
}

void run(const RecordBench& options) {
  measure_alone(options.show.model_folder(), options.json, [&](BenchTable& table) { return measure(options, table); });
}

}  // namespace

void bench_record(const BenchOptions& options, BenchTable& table) {
  RecordBench o;
  o.show.model = options.model;
  if (options.quick) o.parts = 1, o.frames = 3;
  measure(o, table);
}

void add_bench_record(CLI::App& bench) {
  const auto options = std::make_shared<RecordBench>();
  CLI::App* command = bench.add_subcommand("record", "What recording costs the show, and how fast it is rendered");
  command->footer("example: ombra bench record --json record.json");
  command->add_option("--size", options->show.size, "of the show that is recorded")->capture_default_str();
  command->add_option("--parts", options->parts, "pairs of parts with and without recording, 3 s each")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--frames", options->frames, "to render at each size")
      ->check(CLI::Range(2, 100000))
      ->capture_default_str();
  command->add_flag("--no-render", options->no_render, "only the cost of recording");
  command->add_option("--look", options->show.look, "as in the show");
  command->add_option("--set", options->show.sets, "a parameter, path=value")->allow_extra_args(false);
  options->show.declare_model(*command);
  command->add_option("--json", options->json, "also write the figures to this file");
  command->callback([options] { run(*options); });
}

}  // namespace ombra::cli
