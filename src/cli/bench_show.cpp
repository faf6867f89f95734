// The section "show" of `ombra bench`: from the command to the first picture, and what the running show takes.
// Each sample is a show of its own in a process of its own, off-screen, as `ombra --headless` runs it.

#include "cli/bench_table.hpp"
#include "cli/child_program.hpp"
#include "core/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ombra::cli {

void bench_show(const BenchOptions& options, BenchTable& table) {
  const int shows = options.quick ? 1 : 5;
  std::vector<double> first_s, memory_mb;
  for (int i = 0; i < shows; ++i) {
    const ChildProgram show =
        run_child({"perform", "--headless", "--silent", "--input", "bundled track", "--model", options.model.string(),
                   "--seconds", options.quick ? "1" : "4", "--json", "--log-level", "warn"});
    if (show.status != 0) throw error("the show that was to be measured ended with status {}", show.status);
    const nlohmann::json report = nlohmann::json::parse(show.out);
    first_s.push_back(report.at("first_picture_s"));
    memory_mb.push_back(report.at("memory_mb"));
  }
  table.section("show", "show: `ombra --headless` at 1280x720, default look");
  table.add("from the command to the first picture", first_s, "s");
  table.add("memory held in RAM", memory_mb, "MB");
}

}  // namespace ombra::cli
