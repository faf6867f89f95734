#include "cli/command.hpp"

namespace ombra::cli {

void add_bench(CLI::App& app) {
  CLI::App* bench = app.add_subcommand("bench", "Measurements on this machine");
  bench->footer("example: ombra bench latency, ombra bench beat, ombra bench record");
  bench->require_subcommand(1);
  add_bench_beat(*bench);
  add_bench_latency(*bench);
  add_bench_record(*bench);
}

}  // namespace ombra::cli
