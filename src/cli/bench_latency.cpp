// `ombra bench latency` and the section "latency": how long after a click the first picture answers it, measured from
// end to end. Clicks are played into a silent output of our own on the sound server; a real show listens to its
// monitor, and every picture is read back.

#include "audio/beat/ear.hpp"
#include "audio/input/loopback_sink.hpp"
#include "cli/command.hpp"
#include "cli/measure/bench_table.hpp"
#include "cli/show_options.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/rng.hpp"
#include "show/session/latency.hpp"
#include "show/session/session.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace ombra::cli {
namespace {

constexpr double kSettlingS = 2.0, kMaxStartS = 15.0;  // sound must come first, and the gain settle on it
constexpr double kMinGapS = 0.4, kMaxGapS = 0.8;       // between clicks: irregular, or the beat would be predicted
constexpr double kAheadS = 0.1;                        // more than a picture takes, and the output's buffer
constexpr double kMaxJitterS = 0.05;
const std::vector<std::string> kLatencySizes = {"640x360", "1280x720"};

struct LatencyOptions {
  ShowOptions show;
  int clicks = 60;
  bool window = false;
  std::filesystem::path json;
};

struct Measured {
  std::string size, renderer;
  int clicks = 0;
  double fps = 0.0, dancer_ms = 0.0;
  std::vector<show::Latency> answers;
};

const struct {
  const char* name;
  double show::Latency::*part;
  const char* text;
} kParts[] = {
    {"capture", &show::Latency::capture_s, "the click has come in from the sound server"},
    {"analysis", &show::Latency::analysis_s, "its onset is found and published"},
    {"wait", &show::Latency::wait_s, "the show begins its next picture"},
    {"draw", &show::Latency::draw_s, "that picture is drawn"},
    {"present", &show::Latency::present_s, "and given to the display"},
    {"sum", &show::Latency::total_s, "from sound to light"},
};

show::SessionOptions session_options(const LatencyOptions& options, show::PictureWatcher& watcher,
                                     const std::string& input) {
  show::SessionOptions s;
  options.show.read_size(s.width, s.height);
  s.model = options.show.model_folder();
  s.dancer = options.show.dancer();
  s.input = input;
  s.headless = !options.window;
  s.keep_session = false;
  s.watcher = &watcher;
  // a figure that stands still and grows with an onset, and nothing else that changes
  s.sets = {"look/name=paper", "look/size=0.5",  "look/glow=0",   "look/grain=0",
            "look/trails=0",   "dancer/hold=on", "desk/shown=off"};
  return s;
}

Measured measure(const LatencyOptions& options) {
  audio::LoopbackSink sink;
  show::LatencyWatcher watcher;
  show::Session session(session_options(options, watcher, sink.monitor()));
  show::ModulationRow grow{
      .source = show::ModulationSource::kOnset, .amount = 0.5f, .attack_s = 0.0f, .release_s = 0.05f};
  grow.target = session.params().find("look/size");
  session.modulation().set_rows({grow}, session.params());

  Rng rng(options.show.seed);
  std::vector<double> clicks;
  const double start_s = now_s();
  double live_s = 0.0, next_s = 0.0, time_s = 0.0;
  while (static_cast<int>(clicks.size()) < options.clicks && session.frame()) {
    const double now = now_s();
    while (sink.next_click(time_s)) {
      if (time_s - live_s > kSettlingS) clicks.push_back(time_s);
    }
    if (live_s == 0.0) {
      if (session.listener_status().live) live_s = next_s = now;
      if (now - start_s > kMaxStartS) {
        throw error("{}: no sound comes from it\nhint: is the sound server overloaded?", sink.monitor());
      }
    } else if (now >= next_s) {
      next_s = now + rng.uniform(kMinGapS, kMaxGapS);
      sink.click(now + kAheadS + rng.uniform(0.0, kMaxJitterS));  // anywhere between pictures
    }
  }
  for (const double end_s = now_s() + 2.0 * show::kAnswerS; now_s() < end_s && session.frame();) continue;

  Measured m;
  for (const double click_s : clicks) {
    if (const auto latency = show::answer(click_s, watcher.hops(), watcher.pictures())) m.answers.push_back(*latency);
  }
  const show::SessionReport report = session.report();
  m.size = options.show.size;
  m.renderer = report.renderer;
  m.clicks = static_cast<int>(clicks.size());
  m.fps = report.fps;
  m.dancer_ms = report.network_ms;
  if (interrupted()) throw error("interrupted after {} clicks\nhint: --clicks 10 is quicker", m.clicks);
  if (m.answers.empty()) {
    throw error("no picture answered any of {} clicks\nhint: run it again with --log-level debug", m.clicks);
  }
  return m;
}

show::Spread of_part(const Measured& m, double show::Latency::*part) {
  std::vector<double> ms;
  for (const show::Latency& l : m.answers) ms.push_back(1000.0 * (l.*part));
  return show::spread(std::move(ms));
}

// -> how long the ear looks ahead, in its hops of 10 ms, before it says that there was a beat
double ear_ms() {
  const auto ear = audio::EarFile::shipped();
  return ear ? 10.0 * ear->delay_hops() : 0.0;
}

void add(const Measured& m, BenchTable& table) {
  table.section("latency", fmt::format("from sound to light, {} at {:.1f} pictures/s on {}: {} of {} clicks answered",
                                       m.size, m.fps, m.renderer, m.answers.size(), m.clicks));
  table.columns({{"ms", 8}, {"least", 6}, {"median", 7}, {"95 %", 7}, {"most", 7}, {"", 0, true}});
  const auto ms = [](double x) { return fmt::format("{:.1f}", x); };
  for (const auto& part : kParts) {
    const show::Spread s = of_part(m, part.part);
    table.cells({part.name, ms(s.least), ms(s.median), ms(s.p95), ms(s.most), part.text});
  }
  table.add_figure("beside it the dancer works, for the picture after", m.dancer_ms, "ms");
  table.add_figure("the ear tells a beat so late (the clock foresees it)", ear_ms(), "ms");
}

nlohmann::json to_json(const Measured& m) {
  nlohmann::json json = {{"size", m.size},     {"renderer", m.renderer},       {"fps", m.fps},
                         {"clicks", m.clicks}, {"answered", m.answers.size()}, {"dancer_ms", m.dancer_ms},
                         {"ear_ms", ear_ms()}};
  for (const auto& part : kParts) {
    const show::Spread s = of_part(m, part.part);
    json[std::string(part.name) + "_ms"] = {{"least", s.least}, {"median", s.median}, {"p95", s.p95}, {"most", s.most}};
  }
  return json;
}

// -> the figures of every size
nlohmann::json measure(LatencyOptions options, const std::vector<std::string>& sizes, BenchTable& table) {
  nlohmann::json all = nlohmann::json::array();
  for (const std::string& size : sizes) {
    options.show.size = size;
    const Measured m = measure(options);
    add(m, table);
    all.push_back(to_json(m));
  }
  return all;
}

void run(const LatencyOptions& options, bool sized) {
  measure_alone(options.show.model_folder(), options.json, [&](BenchTable& table) {
    return measure(options, sized ? std::vector{options.show.size} : kLatencySizes, table);
  });
}

}  // namespace

void bench_latency(const BenchOptions& options, BenchTable& table) {
  LatencyOptions o;
  o.show.model = options.model;
  if (options.quick) o.clicks = 8;
  measure(o, options.quick ? std::vector{kLatencySizes.front()} : kLatencySizes, table);
}

void add_bench_latency(CLI::App& bench) {
  const auto options = std::make_shared<LatencyOptions>();
  CLI::App* command =
      bench.add_subcommand("latency", "From a click at the sound output to the picture that answers it");
  command->footer(
      "needs a sound server (PulseAudio or PipeWire); the clicks go to a silent output\nexample: ombra bench latency "
      "--json latency.json");
  command->add_option("--clicks", options->clicks, "how many")->check(CLI::Range(1, 10000))->capture_default_str();
  CLI::Option* size = command->add_option("--size", options->show.size, "picture size [640x360, then 1280x720]");
  command->add_flag("--window", options->window, "in a window, with the display's delay of a frame");
  options->show.declare_model(*command);
  command->add_option("--json", options->json, "also write the figures to this file");
  command->callback([options, size] { run(*options, size->count() > 0); });
}

}  // namespace ombra::cli
