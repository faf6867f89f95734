#include "cli/measure/bench_table.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/interrupt.hpp"
#include "core/outputs.hpp"
#include "core/quantile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace ombra::cli {
namespace {

// Three digits that count; counted things have no decimals.
std::string digits(double x) {
  if (x == std::round(x)) return fmt::format("{:.0f}", x);
  const int behind = std::clamp(2 - static_cast<int>(std::floor(std::log10(std::max(std::abs(x), 1e-3)))), 0, 3);
  return fmt::format("{:.{}f}", x, behind);
}

std::string middle_90(const std::vector<double>& samples) {
  return fmt::format("{} to {}", digits(quantile(samples, 0.05)), digits(quantile(samples, 0.95)));
}

std::string markdown_row(const std::vector<std::string>& texts) {
  std::string line = "|";
  for (const std::string& text : texts) {
    line += ' ';
    for (const char c : text) line += c == '|' ? "\\|" : std::string(1, c);
    line += text.empty() ? "|" : " |";
  }
  return line + "\n";
}

std::string markdown_head(const std::vector<std::string>& names) {
  std::string rule = "|";
  for (std::size_t i = 0; i < names.size(); ++i) rule += "---|";
  return markdown_row(names) + rule + "\n";
}

}  // namespace

void BenchTable::section(const std::string& name, const std::string& title) {
  sections_.push_back({part_, name, title, {}, {}, {}});
  say("\n" + title);
}

void BenchTable::add(const std::string& name, std::vector<double> samples, const std::string& unit) {
  if (interrupted()) throw error("interrupted\nhint: --sections measures a part, --quick all of it roughly");
  if (samples.empty()) return;
  const double middle = median(samples);
  add({name, unit, std::move(samples), middle});
}

void BenchTable::add_figure(const std::string& name, double figure, const std::string& unit) {
  add({name, unit, {}, figure});
}

void BenchTable::add(Row row) {
  OMBRA_ASSERT(!sections_.empty());
  std::string line = fmt::format("  {:<52} {:>8} {:<4}", row.name, digits(row.figure), row.unit);
  if (row.samples.size() > 1) line += fmt::format(" ({})", middle_90(row.samples));
  say(line);
  sections_.back().rows.push_back(std::move(row));
}

void BenchTable::columns(std::vector<BenchColumn> columns) {
  OMBRA_ASSERT(!sections_.empty());
  sections_.back().columns = std::move(columns);
  std::vector<std::string> names;
  for (const BenchColumn& each : sections_.back().columns) names.push_back(each.name);
  cells(std::move(names));
  sections_.back().cells.clear();
}

void BenchTable::cells(std::vector<std::string> texts) {
  Section& section = sections_.back();
  OMBRA_ASSERT(texts.size() == section.columns.size());
  std::string line;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const BenchColumn& column = section.columns[i];
    line += ' ';
    line += column.left ? fmt::format("{:<{}}", texts[i], column.width) : fmt::format("{:>{}}", texts[i], column.width);
  }
  say(line);
  section.cells.push_back(std::move(texts));
}

void BenchTable::machine(const std::string& key, const std::string& value) {
  for (const auto& each : machine_) {
    if (each.first == key) return;
  }
  machine_.emplace_back(key, value);
  say(fmt::format("{:<9} {}", key, value));
}

void BenchTable::say(const std::string& line) {
  text_ += line + "\n";
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

std::string BenchTable::cells_markdown(const Section& section) {
  if (section.cells.empty()) return "";
  std::vector<std::string> names;
  for (const BenchColumn& each : section.columns) names.push_back(each.name);
  std::string text(1, '\n');
  text += markdown_head(names);
  for (const auto& each : section.cells) text += markdown_row(each);
  return text;
}

std::string BenchTable::rows_markdown(const Section& section) {
  if (section.rows.empty()) return "";
  const bool sampled =
      std::any_of(section.rows.begin(), section.rows.end(), [](const Row& row) { return row.samples.size() > 1; });
  std::string text(1, '\n');
  text += markdown_head(sampled ? std::vector<std::string>{"", "median", "middle 90 %"}
                                : std::vector<std::string>{"", "measured"});
  for (const Row& row : section.rows) {
    std::vector<std::string> texts = {row.name, digits(row.figure) + (row.unit.empty() ? "" : " " + row.unit)};
    if (sampled) texts.push_back(row.samples.size() > 1 ? middle_90(row.samples) : "");
    text += markdown_row(texts);
  }
  return text;
}

std::string BenchTable::markdown(const std::string& part) const {
  std::string text;
  for (const Section& each : sections_) {
    if (each.part != part) continue;
    text += (text.empty() ? "" : "\n") + each.title + "\n" + cells_markdown(each) + rows_markdown(each);
  }
  return text;
}

nlohmann::ordered_json BenchTable::json() const {
  using nlohmann::ordered_json;
  ordered_json all = {{"machine", ordered_json::object()}, {"rows", ordered_json::array()}};
  for (const auto& [key, value] : machine_) all["machine"][key] = value;
  for (const Section& section : sections_) {
    for (const Row& row : section.rows) {
      ordered_json r = {{"section", section.name}, {"name", row.name}, {"unit", row.unit}, {"median", row.figure}};
      if (!row.samples.empty()) {
        r["p5"] = quantile(row.samples, 0.05), r["p95"] = quantile(row.samples, 0.95);
        r["samples"] = row.samples.size();
      }
      all["rows"].push_back(std::move(r));
    }
    if (section.cells.empty()) continue;
    ordered_json names = ordered_json::array();
    for (const BenchColumn& each : section.columns) names.push_back(each.name);
    all["tables"].push_back({{"section", section.name}, {"columns", names}, {"rows", section.cells}});
  }
  return all;
}

void measure_alone(const std::filesystem::path& model, const std::filesystem::path& json,
                   const std::function<nlohmann::json(BenchTable&)>& measure) {
  const Inputs inputs({model});
  claim(json);
  BenchTable table;
  const nlohmann::json all = measure(table);
  if (!json.empty()) write_atomically(json, all.dump(2) + "\n");
}

}  // namespace ombra::cli
