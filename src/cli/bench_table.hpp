#pragma once
// The table of `ombra bench`: rows are printed as they are measured and kept for --json.
// A section is a function that adds rows; bench.cpp lists the sections. Thread: main.

#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace ombra::cli {

// What all sections go by.
struct BenchOptions {
  std::filesystem::path model;  // folder of our dancer
  bool quick = false;           // a few samples of everything: to see that it runs
};

class BenchTable {
 public:
  // Opens a section: `name` is its key in JSON, `title` the line above its rows.
  void section(const std::string& name, const std::string& title);
  // A row of samples, shown as their median and, in brackets, the middle 90 %. Nothing where there are no samples.
  // unit: "ms", "MB", "s" ...; smaller is better unless the name says so
  void add(const std::string& name, std::vector<double> samples, const std::string& unit = "ms");
  // A row of one figure that was made of others, such as a ratio.
  void add_figure(const std::string& name, double figure, const std::string& unit);
  // A word about the machine, under "machine" in JSON.
  void machine(const std::string& key, const std::string& value);

  nlohmann::ordered_json json() const;

 private:
  struct Row {
    std::string section, name, unit;
    std::vector<double> samples;  // empty: only the figure
    double figure = 0.0;
  };
  void print(const Row& row) const;

  std::string section_;
  std::vector<Row> rows_;
  std::vector<std::pair<std::string, std::string>> machine_;
};

using BenchSection = std::function<void(const BenchOptions&, BenchTable&)>;

void bench_networks(const BenchOptions& options, BenchTable& table);  // bench_networks.cpp
void bench_decode(const BenchOptions& options, BenchTable& table);    // bench_decode.cpp
void bench_draw(const BenchOptions& options, BenchTable& table);      // bench_draw.cpp
void bench_frame(const BenchOptions& options, BenchTable& table);     // bench_show.cpp
void bench_show(const BenchOptions& options, BenchTable& table);      // bench_show.cpp

}  // namespace ombra::cli
