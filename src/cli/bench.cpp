// ombra bench: one table of what everything costs on this machine; beat, latency and record measure one thing closely.

#include "cli/bench_table.hpp"
#include "cli/command.hpp"
#include "cli/show_options.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/outputs.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <thread>

namespace ombra::cli {
namespace {

struct Section {
  const char* name;
  BenchSection measure;
};

const std::vector<Section>& sections() {
  static const std::vector<Section> kSections = {{"networks", bench_networks},
                                                 {"decode", bench_decode},
                                                 {"draw", bench_draw},
                                                 {"frame", bench_frame},
                                                 {"show", bench_show}};
  return kSections;
}

std::vector<std::string> section_names() {
  std::vector<std::string> names;
  for (const Section& each : sections()) names.emplace_back(each.name);
  return names;
}

struct TableOptions {
  ShowOptions show;
  bool quick = false;
  std::vector<std::string> sections = section_names();
  std::filesystem::path json;
};

// As Linux names it; empty elsewhere.
std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("model name", 0) == 0 && line.find(": ") != std::string::npos)
      return line.substr(line.find(": ") + 2);
  }
  return "";
}

void run(const TableOptions& options) {
  BenchTable table;
  table.machine("program", "ombra " OMBRA_VERSION);
  table.machine("processor", fmt::format("{}, {} threads", processor(), std::thread::hardware_concurrency()));
  const Inputs inputs({options.show.model_folder()});
  claim(options.json);
  const BenchOptions all = {.model = options.show.model_folder(), .quick = options.quick};
  for (const Section& each : sections()) {
    if (std::find(options.sections.begin(), options.sections.end(), each.name) != options.sections.end())
      each.measure(all, table);
  }
  if (!options.json.empty()) write_atomically(options.json, table.json().dump(2) + "\n");
}

}  // namespace

void add_bench(CLI::App& app) {
  const auto options = std::make_shared<TableOptions>();
  CLI::App* bench = app.add_subcommand("bench", "Measurements on this machine");
  bench->footer(
      "Medians, with the middle 90 % in brackets. Close other programs first.\n"
      "example: ombra bench --json bench.json, ombra bench latency, ombra bench beat, ombra bench record");
  bench->add_option("--sections", options->sections, "only these, in the table's order")
      ->delimiter(',')
      ->check(CLI::IsMember(section_names()))
      ->default_str(fmt::format("{}", fmt::join(section_names(), ",")));
  bench->add_flag("--quick", options->quick, "a few samples of everything: to see that it runs");
  bench->add_option("--model", options->show.model, "folder of the dancer [the one that comes with Ombra]");
  bench->add_option("--json", options->json, "also write the table to this file");
  bench->require_subcommand(0, 1);
  add_bench_beat(*bench);
  add_bench_joint(*bench);
  add_bench_latency(*bench);
  add_bench_record(*bench);
  bench->callback([bench, options] {
    if (bench->get_subcommands().empty()) run(*options);
  });
}

}  // namespace ombra::cli
