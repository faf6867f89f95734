#pragma once
// The tables of `ombra bench`: printed while they are measured, and kept for --json and, as Markdown, for --write.
// A section is a function that adds tables; bench.cpp lists the sections. Thread: main.

#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace ombra::cli {

// What all sections go by.
struct BenchOptions {
  std::filesystem::path model;  // folder of our dancer
  bool quick = false;           // a few samples of everything: to see that it runs
};

struct BenchColumn {
  std::string name;
  int width = 0;  // on the terminal, where cells to the right must stay in line
  bool left = false;
};

class BenchTable {
 public:
  // What is added from now on belongs to this section of --sections.
  void part(const std::string& name) { part_ = name; }
  // Opens a table: `name` is its key in JSON, `title` the line above it.
  void section(const std::string& name, const std::string& title);
  // A row of samples, shown as their median and, in brackets, the middle 90 %. Nothing where there are no samples.
  // unit: "ms", "MB", "s" ...; smaller is better unless the name says so
  void add(const std::string& name, std::vector<double> samples, const std::string& unit = "ms");
  // A row of one figure that was made of others, such as a ratio.
  void add_figure(const std::string& name, double figure, const std::string& unit);
  // For a table of columns of its own: these, then row after row their texts. It stands above the rows of add().
  void columns(std::vector<BenchColumn> columns);
  void cells(std::vector<std::string> texts);
  // A word about the machine, under "machine" in JSON. Said again it changes nothing.
  void machine(const std::string& key, const std::string& value);

  // -> all that was printed so far
  const std::string& text() const { return text_; }
  // -> the tables of one part, each under its title
  std::string markdown(const std::string& part = "") const;
  nlohmann::ordered_json json() const;

 private:
  struct Row {
    std::string name, unit;
    std::vector<double> samples;  // empty: only the figure
    double figure = 0.0;
  };
  struct Section {
    std::string part, name, title;
    std::vector<BenchColumn> columns;
    std::vector<std::vector<std::string>> cells;  // each as long as columns
    std::vector<Row> rows;
  };
  void add(Row row);
  void say(const std::string& line);
  static std::string cells_markdown(const Section& section);
  static std::string rows_markdown(const Section& section);

  std::string part_, text_;
  std::vector<Section> sections_;
  std::vector<std::pair<std::string, std::string>> machine_;
};

// As subcommands do: measures, and writes what comes of it where json names a file, which may not be of the model.
void measure_alone(const std::filesystem::path& model, const std::filesystem::path& json,
                   const std::function<nlohmann::json(BenchTable&)>& measure);

using BenchSection = std::function<void(const BenchOptions&, BenchTable&)>;

void bench_networks(const BenchOptions& options, BenchTable& table);  // bench_networks.cpp
void bench_decode(const BenchOptions& options, BenchTable& table);    // bench_decode.cpp
void bench_draw(const BenchOptions& options, BenchTable& table);      // bench_draw.cpp
void bench_frame(const BenchOptions& options, BenchTable& table);     // bench_show.cpp
void bench_show(const BenchOptions& options, BenchTable& table);      // bench_show.cpp
// The subcommands of the same names measure with the same functions.
void bench_latency(const BenchOptions& options, BenchTable& table);  // bench_latency.cpp
void bench_record(const BenchOptions& options, BenchTable& table);   // bench_record.cpp
void bench_stage(const BenchOptions& options, BenchTable& table);    // bench_stage.cpp
void bench_beat(const BenchOptions& options, BenchTable& table);     // bench_beat.cpp

}  // namespace ombra::cli
