#pragma once
// The parts of `ombra bench stage`, see bench_stage.cpp. Thread: main.

#include "cli/measure/bench_table.hpp"
#include "cli/measure/dummy_desktop.hpp"

#include <filesystem>

namespace ombra::cli {

struct StageBench {
  std::filesystem::path model;
  DisplaySize output{1280, 720};  // display of the picture, where the bench makes the desktop
  int parts = 4;                  // of each kind, in turn
  double part_s = 6.0;
  int pictures = 60;  // of each mapping
  bool no_windows = false, no_mapping = false, no_sharing = false;
};

void bench_windows(const StageBench& options, BenchTable& table);  // bench_stage.cpp
void bench_mapping(const StageBench& options, BenchTable& table);  // bench_stage_mapping.cpp
void bench_sharing(const StageBench& options, BenchTable& table);  // bench_stage_sharing.cpp

}  // namespace ombra::cli
