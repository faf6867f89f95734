#include "cli/bench_table.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/quantile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace ombra::cli {
namespace {

// Three digits that count.
std::string digits(double x) {
  const int behind = std::clamp(2 - static_cast<int>(std::floor(std::log10(std::max(std::abs(x), 1e-3)))), 0, 3);
  return fmt::format("{:.{}f}", x, behind);
}

}  // namespace

void BenchTable::section(const std::string& name, const std::string& title) {
  section_ = name;
  std::printf("\n%s\n", title.c_str());
}

void BenchTable::add(const std::string& name, std::vector<double> samples, const std::string& unit) {
  if (interrupted()) throw error("interrupted\nhint: --sections measures a part, --quick all of it roughly");
  if (samples.empty()) return;
  const double middle = median(samples);
  rows_.push_back({section_, name, unit, std::move(samples), middle});
  print(rows_.back());
}

void BenchTable::add_figure(const std::string& name, double figure, const std::string& unit) {
  rows_.push_back({section_, name, unit, {}, figure});
  print(rows_.back());
}

void BenchTable::machine(const std::string& key, const std::string& value) {
  machine_.emplace_back(key, value);
  std::printf("%-9s %s\n", key.c_str(), value.c_str());
}

void BenchTable::print(const Row& row) const {
  std::string line = fmt::format("  {:<52} {:>8} {:<4}", row.name, digits(row.figure), row.unit);
  if (row.samples.size() > 1) {
    line += fmt::format(" ({} to {})", digits(quantile(row.samples, 0.05)), digits(quantile(row.samples, 0.95)));
  }
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

nlohmann::ordered_json BenchTable::json() const {
  nlohmann::ordered_json all = {{"machine", nlohmann::ordered_json::object()},
                                {"rows", nlohmann::ordered_json::array()}};
  for (const auto& [key, value] : machine_) all["machine"][key] = value;
  for (const Row& row : rows_) {
    nlohmann::ordered_json r = {
        {"section", row.section}, {"name", row.name}, {"unit", row.unit}, {"median", row.figure}};
    if (!row.samples.empty()) {
      r["p5"] = quantile(row.samples, 0.05), r["p95"] = quantile(row.samples, 0.95);
      r["samples"] = row.samples.size();
    }
    all["rows"].push_back(std::move(r));
  }
  return all;
}

}  // namespace ombra::cli
