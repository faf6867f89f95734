// `ombra bench stage` and the section "stage": what the stage costs the show. A window for the desk beside the picture:
// shows of a few seconds each, with and without it in turn, in processes of their own. Mappings, and pixels for other
// programs: see the other files of bench_stage.hpp.

#include "cli/bench_stage.hpp"

#include "cli/command.hpp"
#include "cli/measure/child_program.hpp"
#include "cli/measure/scratch_folder.hpp"
#include "cli/show_options.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/quantile.hpp"
#include "show/live/displays.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <memory>
#include <vector>

namespace ombra::cli {
namespace {

constexpr DisplaySize kDeskSize{1280, 720};

// Where the windows are opened.
struct Desktop {
  std::unique_ptr<DummyDesktop> made;  // null: the one that there is
  std::string output;                  // display that the picture fills
  std::string words;                   // for the title of the table
};

// The desktop that there is, where it has a display for the picture, else one without hardware. Throws Error.
Desktop find_desktop(const StageBench& options, const std::filesystem::path& folder) {
  const std::vector<show::Display> displays = show::list_displays();
  const int own = show::operators_display(displays);
  for (int i = 0; i < static_cast<int>(displays.size()); ++i) {
    const show::Display& d = displays[static_cast<std::size_t>(i)];
    if (i != own) return {nullptr, std::to_string(i), fmt::format("{}x{} on {}", d.width, d.height, d.name)};
  }
  std::string why;
  auto made = DummyDesktop::start(kDeskSize, options.output, folder, why);
  if (!made) throw error("two windows need two displays: {}", why);
  return {
      std::move(made), DummyDesktop::kOutput,
      fmt::format("{}x{} on a display without hardware (Xorg, dummy)", options.output.width, options.output.height)};
}

struct Frames {
  std::vector<double> p50_ms, p99_ms, free_ms;  // one value a show
  std::string renderer;
};

// -> what the show reports in the end (show/session/report.cpp)
nlohmann::json run_show(const StageBench& options, const std::string& more) {
  std::vector<std::string> words = {"perform",      "--silent",
                                    "--no-session", "--json",
                                    "--input",      "bundled track",
                                    "--model",      options.model.string(),
                                    "--set",        "show/governor=off",
                                    "--log-level",  "warn",
                                    "--seconds",    fmt::format("{:g}", options.part_s)};
  for (std::size_t at = 0; at < more.size();) {
    const std::size_t end = std::min(more.find(' ', at), more.size());
    words.push_back(more.substr(at, end - at));
    at = end + 1;
  }
  const ChildProgram ran = run_child(words);
  if (interrupted()) throw error("interrupted\nhint: --quick is quicker");
  if (ran.status != 0) throw error("the show that was to be measured ended with status {}", ran.status);
  return nlohmann::json::parse(ran.out);
}

void run_both(const StageBench& options, const std::string& words, Frames& frames) {
  const nlohmann::json paced = run_show(options, words);
  frames.p50_ms.push_back(paced.at("p50_ms"));
  frames.p99_ms.push_back(paced.at("p99_ms"));
  frames.free_ms.push_back(run_show(options, words + " --uncapped").at("p50_ms"));
  frames.renderer = paced.at("renderer");
}

}  // namespace

void bench_windows(const StageBench& options, BenchTable& table) {
  const ScratchFolder scratch("stage");
  const Desktop desktop = find_desktop(options, scratch.path());
  // the same display is filled: by the show's only window, and by one beside which the desk has its own
  const std::array words = {fmt::format("--output none --display {} --fullscreen --set desk/shown=off", desktop.output),
                            fmt::format("--output {}", desktop.output)};
  std::array<Frames, 2> frames;
  for (int part = 0; part < options.parts; ++part) {
    for (std::size_t i = 0; i < words.size(); ++i) run_both(options, words[i], frames[i]);
  }
  table.section("stage_windows", fmt::format("windows: frames of a show, {}, drawn by {}; one sample a show of {:g} s",
                                             desktop.words, frames[0].renderer, options.part_s));
  const std::array names = {"the picture alone", "with the desk in a window of its own"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    table.add(fmt::format("{}, at its pace, p50", names[i]), frames[i].p50_ms);
    table.add(fmt::format("{}, at its pace, p99", names[i]), frames[i].p99_ms);
    table.add(fmt::format("{}, as fast as it can, p50", names[i]), frames[i].free_ms);
  }
  const auto ratio = [&](auto Frames::*which) { return median(frames[1].*which) / median(frames[0].*which); };
  table.add_figure("the desk's window: ratio of p99, at its pace", ratio(&Frames::p99_ms), "x");
  table.add_figure("the desk's window: ratio of p50, as fast as it can", ratio(&Frames::free_ms), "x");
}

namespace {

// -> the figures, for --json
nlohmann::json measure(const StageBench& options, BenchTable& table) {
  if (!options.no_windows) {
    try {
      bench_windows(options, table);
    } catch (const Error& fault) {
      if (interrupted()) throw;
      table.section("stage_windows", fmt::format("windows: not measured here: {}", fault.what()));
    }
  }
  if (!options.no_mapping) bench_mapping(options, table);
  if (!options.no_sharing) bench_sharing(options, table);
  return table.json();
}

}  // namespace

void bench_stage(const BenchOptions& options, BenchTable& table) {
  StageBench o;
  o.model = options.model;
  if (options.quick) o.parts = 1, o.part_s = 2.0, o.pictures = 3;
  measure(o, table);
}

void add_bench_stage(CLI::App& bench) {
  struct Options {
    StageBench bench;
    ShowOptions show;
    std::filesystem::path json;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command = bench.add_subcommand(
      "stage", "What a window for the desk costs the show, and mappings, and pixels for other programs");
  command->footer("example: ombra bench stage --json stage.json");
  command->add_option("--size", options->show.size, "of the picture where this computer has no second display")
      ->capture_default_str();
  command->add_option("--parts", options->bench.parts, "pairs of shows with and without")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--seconds", options->bench.part_s, "of each show")
      ->check(CLI::Range(1.0, 1000.0))
      ->capture_default_str();
  command->add_option("--pictures", options->bench.pictures, "of each mapping")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command->add_flag("--no-windows", options->bench.no_windows, "leave the windows out");
  command->add_flag("--no-mapping", options->bench.no_mapping, "leave the mappings out");
  command->add_flag("--no-sharing", options->bench.no_sharing, "leave the pixels for other programs out");
  options->show.declare_model(*command);
  command->add_option("--json", options->json, "also write the figures to this file");
  command->callback([options] {
    StageBench& o = options->bench;
    options->show.read_size(o.output.width, o.output.height);
    o.model = options->show.model_folder();
    measure_alone(o.model, options->json, [&](BenchTable& table) { return measure(o, table); });
  });
}

}  // namespace ombra::cli
