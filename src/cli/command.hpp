#pragma once
// The program's commands, one file each. add_<name> declares the command's options and what it runs.
// A command throws UsageError (exit 2) or any other exception (exit 1); main prints it.
// Thread: main.

#include <CLI/CLI.hpp>

namespace ombra::cli {

void add_bench(CLI::App& app);
void add_bench_beat(CLI::App& bench);
void add_bench_joint(CLI::App& bench);
void add_bench_latency(CLI::App& bench);
void add_bench_record(CLI::App& bench);
void add_bench_stage(CLI::App& bench);
void add_devices(CLI::App& app);
void add_evaluate(CLI::App& app);
void add_import(CLI::App& app);
void add_perform(CLI::App& app);
void add_prepare(CLI::App& app);
void add_prepare_music(CLI::App& app);
void add_render(CLI::App& app);
void add_train(CLI::App& app);

}  // namespace ombra::cli
