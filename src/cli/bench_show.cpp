// The sections "frame" and "show" of `ombra bench`: how the whole show runs, uncapped and at its pace with the
// governor; from the command to the first picture, and the memory that it takes. Each sample is a show in a process of
// its own, off-screen, as `ombra --headless` runs it.

#include "cli/measure/bench_table.hpp"
#include "cli/measure/child_program.hpp"
#include "core/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ombra::cli {
namespace {

// -> what the show reports in the end (show/session/report.cpp)
nlohmann::json run_show(const BenchOptions& options, const std::string& size, int seconds,
                        const std::vector<std::string>& more = {}) {
  std::vector<std::string> words = {"perform",
                                    "--headless",
                                    "--silent",
                                    "--no-session",
                                    "--json",
                                    "--input",
                                    "bundled track",
                                    "--model",
                                    options.model.string(),
                                    "--size",
                                    size,
                                    "--seconds",
                                    std::to_string(seconds),
                                    "--log-level",
                                    "warn"};
  words.insert(words.end(), more.begin(), more.end());
  const ChildProgram ran = run_child(words);
  if (ran.status != 0) throw error("the show that was to be measured ended with status {}", ran.status);
  return nlohmann::json::parse(ran.out);
}

}  // namespace

void bench_frame(const BenchOptions& options, BenchTable& table) {
  const int seconds = options.quick ? 2 : 15;
  table.section("frame", "frame: `ombra --headless`, all of a frame from sound to picture, default look");
  for (const std::string size : {"1280x720", "1920x1080"}) {
    const nlohmann::json free = run_show(options, size, seconds, {"--uncapped"});
    const nlohmann::json paced = run_show(options, size, seconds);
    table.add_figure(size + " uncapped, frames a second", free.at("fps"), "/s");
    table.add_figure(size + " at its pace, frames a second", paced.at("fps"), "/s");
    for (const std::string share : {"p50", "p95", "p99"})
      table.add_figure(size + " at its pace, " + share, paced.at(share + "_ms"), "ms");
    const double frames = paced.at("frames"), dropped = paced.at("dropped");
    table.add_figure(size + " at its pace, refreshes dropped", 100.0 * dropped / (frames + dropped), "%");
    table.add_figure(size + " at its pace, resolution in the end", 100.0 * paced.at("render_scale").get<double>(), "%");
  }
}

void bench_show(const BenchOptions& options, BenchTable& table) {
  std::vector<double> first_s, memory_mb;
  for (int i = 0; i < (options.quick ? 1 : 5); ++i) {
    const nlohmann::json report = run_show(options, "1280x720", options.quick ? 1 : 4);
    first_s.push_back(report.at("first_picture_s"));
    memory_mb.push_back(report.at("memory_mb"));
  }
  table.section("show", "show: `ombra --headless` at 1280x720, default look");
  table.add("from the command to the first picture", first_s, "s");
  table.add("memory held in RAM", memory_mb, "MB");
}

}  // namespace ombra::cli
