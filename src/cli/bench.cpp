// ombra bench: tables of what everything costs on this machine, and with --write the file of all measured figures;
// beat, latency, record and stage measure one thing closely.

#include "cli/command.hpp"
#include "cli/measure/bench_table.hpp"
#include "cli/measure/figures_file.hpp"
#include "cli/show_options.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/new_file.hpp"
#include "core/outputs.hpp"
#include "core/text.hpp"
#include "gfx/window.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <memory>
#include <thread>

namespace ombra::cli {
namespace {

struct Section {
  const char* name;
  BenchSection measure;
  bool cost;            // one of the table that `ombra bench` prints by itself
  const char* heading;  // in the file; other documents link to those of two marks
  const char* about;
};

constexpr const char* kCostsHeading = "## All costs";
constexpr const char* kAboutCosts =
    "`ombra bench`, part by part; roughly with `--quick`. `dancenet-2018` is the published architecture nearest to "
    "Ombra's (LSTM with a mixture density head, convolutional decoder).";

constexpr const char* kAboutFile =
    "With `--sections NAMES` only those are measured and written anew, so each section says on which machine it was "
    "measured. Figures are medians, with the middle 90 % of the samples beside them. Close other programs first. While "
    "the show runs, the tab Machine displays frame rate, frame times, dropped refreshes and the GPU time of each pass.";
constexpr const char* kAboutOthers =
    "Figures of other commands are in models/README.md (`ombra evaluate --compare`, `ombra bench joint`) and beside "
    "each dancer, as in models/ombra/README.md (`ombra evaluate`).";

const std::vector<Section>& sections() {
  static const std::vector<Section> kSections = {
      {"networks", bench_networks, true, "### Networks",
       "`ombra bench --sections networks`: on one thread, what a step of the dance, a random draw and a decoded "
       "picture take. LibTorch runs the published networks as written, in the same run."},
      {"decode", bench_decode, true, "### Decoding in OpenGL",
       "`ombra bench --sections decode`: the painter's decoder and those of the published recipes in compute shaders."},
      {"draw", bench_draw, true, "### Drawing",
       "`ombra bench --sections draw`: a picture of each look, by the graphics card's own clock and until it is "
       "finished."},
      {"frame", bench_frame, true, "### Frames",
       "`ombra bench --sections frame`: the whole show off-screen, as fast as it can and at its pace, where adaptive "
       "resolution holds the frame rate."},
      {"show", bench_show, true, "### Start and memory",
       "`ombra bench --sections show`: the show off-screen, each sample in a process of its own."},
      {"latency", bench_latency, false, "## Latency",
       "`ombra bench latency`: clicks go into an output of their own on the sound server (nothing is heard), a show "
       "listens to its monitor, and the first picture that answers is found. A display adds its own delay. Needs "
       "PulseAudio or PipeWire."},
      {"record", bench_record, false, "## Recording and rendering",
       "`ombra bench record`: one show with and without recording in turn, then a part of the bundled track rendered "
       "at several sizes."},
      {"stage", bench_stage, false, "## On stage",
       "`ombra bench stage`: shows with and without a window for the desk in turn, a picture through mappings of "
       "rising "
       "cost, and one show whose pixels leave in several ways in turn. A computer without a second display gets one "
       "without hardware (Xorg with its driver dummy)."},
      {"beat", bench_beat, false, "## Beat tracking",
       "`ombra bench beat`: synthetic music of many styles with known beats, clean, under a crowd, in a reverberant "
       "room and by telephone; src/audio/README.md says how it is measured. F: F-measure (70 ms, from 5 s on); CMLt, "
       "AMLt: share of the beats that are continuously right, AMLt at half or twice the tempo and off the beat, too; "
       "least F: of one piece; octave: pieces counted at half or twice their tempo; lock: until eight beats in a row "
       "are met, median; downbeat F: of the first beats of bars, from 10 s on; bars: share of the beats from 10 s on "
       "at "
       "which a bar is claimed; right: share of those at which it is right; below aubio: pieces in which aubio's F is "
       "higher."}};
  return kSections;
}

std::vector<std::string> section_names() {
  std::vector<std::string> names;
  for (const Section& each : sections()) names.emplace_back(each.name);
  return names;
}

std::vector<std::string> headings() {
  std::vector<std::string> all = {kCostsHeading};
  for (const Section& each : sections()) all.emplace_back(each.heading);
  return all;
}

struct TableOptions {
  ShowOptions show;
  bool quick = false;
  std::vector<std::string> sections;  // none: the costs, or with --write all
  std::filesystem::path json, write;

  bool chosen(const Section& section) const {
    if (sections.empty()) return section.cost || !write.empty();
    return std::find(sections.begin(), sections.end(), section.name) != sections.end();
  }
};

// As Linux names it.
std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("model name", 0) == 0 && line.find(": ") != std::string::npos)
      return line.substr(line.find(": ") + 2);
  }
  return "unknown processor";
}

std::string processor_and_threads() {
  return fmt::format("{}, {} threads", processor(), std::thread::hardware_concurrency());
}

// -> "" where there is no OpenGL 4.3
std::string opengl_renderer() {
  try {
    return gfx::Window(gfx::context_only()).renderer();
  } catch (const Error& fault) {
    log::warn("{}", fault.what());
    return "";
  }
}

// -> by what, when and on what is measured now
std::string provenance(const std::string& graphics) {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  char day[16];
  std::strftime(day, sizeof day, "%Y-%m-%d", &local);
  return fmt::format("ombra {}, {}, {}, {}", OMBRA_VERSION, day, processor_and_threads(),
                     graphics.empty() ? "no OpenGL 4.3" : "OpenGL on " + graphics);
}

// -> "", or why this machine cannot measure the section
std::string measure_or_reason(const Section& section, const BenchOptions& options, BenchTable& table) {
  try {
    section.measure(options, table);
    return "";
  } catch (const UsageError&) {
    throw;
  } catch (const Error& fault) {
    if (interrupted()) throw;
    const std::string reason = first_line(fault.what());
    log::warn("{}: not measured here: {}", section.name, reason);
    return reason.empty() ? "unknown" : reason;
  }
}

// Measures what is chosen and then writes; what a machine cannot measure stays as another one measured it.
void write_figures(const TableOptions& options, const BenchOptions& all, BenchTable& table) {
  read_figures(options.write);
  { const NewFile possible(options.write); }  // minutes later would be too late to find out
  const std::string graphics = opengl_renderer();
  if (!graphics.empty()) table.machine("graphics", graphics);
  const std::string made = provenance(graphics) + (options.quick ? ", roughly (`--quick`)" : "");
  std::vector<std::pair<const Section*, std::string>> measured;  // or why not
  for (const Section& each : sections()) {
    if (!options.chosen(each)) continue;
    table.part(each.name);
    measured.emplace_back(&each, measure_or_reason(each, all, table));
  }
  FiguresFile file(read_figures(options.write), headings());
  const bool whole = measured.size() == sections().size();
  if (whole || file.text().empty()) {
    file.set_head({kFiguresTitle,
                   paragraph(fmt::format("Written by `ombra bench --write FILE`: {}. {}", made, kAboutFile)),
                   paragraph(kAboutOthers)});
  }
  const bool costs = std::any_of(measured.begin(), measured.end(), [](const auto& each) { return each.first->cost; });
  if (whole || (costs && !file.has(kCostsHeading))) file.set(kCostsHeading, {paragraph(kAboutCosts)});
  for (const auto& [section, reason] : measured) {
    const std::string about = paragraph(section->about);
    if (reason.empty())
      file.set(section->heading, {about, fmt::format("Measured: {}.", made), table.markdown(section->name)});
    else if (!file.has(section->heading))
      file.set(section->heading, {about, fmt::format("Not measured here: {}.", reason)});
  }
  write_atomically(options.write, file.text());
}

void run(const TableOptions& options) {
  const Inputs inputs({options.show.model_folder()});
  claim(options.json);
  claim(options.write);
  BenchTable table;
  table.machine("program", "ombra " OMBRA_VERSION);
  table.machine("processor", processor_and_threads());
  const BenchOptions all = {.model = options.show.model_folder(), .quick = options.quick};
  if (!options.write.empty()) {
    write_figures(options, all, table);
  } else {
    for (const Section& each : sections()) {
      if (options.chosen(each)) each.measure(all, table);
    }
  }
  if (!options.json.empty()) write_atomically(options.json, table.json().dump(2) + "\n");
}

}  // namespace

void add_bench(CLI::App& app) {
  const auto options = std::make_shared<TableOptions>();
  CLI::App* bench = app.add_subcommand("bench", "Measurements on this machine");
  bench->footer(
      "Medians, with the middle 90 % in brackets. Close other programs first.\n"
      "example: ombra bench --json bench.json, ombra bench latency, ombra bench beat, ombra bench record, "
      "ombra bench stage\n"
      "example: ombra bench --write FIGURES.md, ombra bench --write FIGURES.md --sections draw,latency");
  bench->add_option("--sections", options->sections, "only these [networks to show; all with --write]")
      ->delimiter(',')
      ->check(CLI::IsMember(section_names()));
  bench->add_flag("--quick", options->quick, "a few samples of each, to check that it runs");
  options->show.declare_model(*bench);
  bench->add_option("--json", options->json, "also write the table to this file");
  CLI::Option* write = bench->add_option(
      "--write", options->write, "Markdown file of figures: the sections measured now are replaced, the others stay");
  bench->require_subcommand(0, 1);
  add_bench_beat(*bench);
  add_bench_joint(*bench);
  add_bench_latency(*bench);
  add_bench_record(*bench);
  add_bench_stage(*bench);
  // --sections says what is written
  for (CLI::App* each : bench->get_subcommands([](CLI::App*) { return true; })) each->excludes(write);
  bench->callback([bench, options] {
    if (bench->get_subcommands().empty()) run(*options);
  });
}

}  // namespace ombra::cli
