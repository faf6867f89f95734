#include "show/params/output_settings.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "show/params/output_mapping.hpp"
#include "show/params/presets.hpp"

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <utility>

namespace ombra::show {
namespace {

constexpr std::size_t kLimitBytes = 2u << 20;

bool same_display(const OutputSettings& settings, const DisplayPlace& display) {
  if (settings.display != display.name) return false;
  if (!display.twin) return true;
  if (!settings.connector.empty() && !display.connector.empty()) return settings.connector == display.connector;
  return settings.x == display.x && settings.y == display.y;
}

}  // namespace

const OutputSettings* find_output(std::span<const OutputSettings> all, const DisplayPlace& display) {
  const OutputSettings* best = nullptr;
  int best_fit = -1;
  for (const OutputSettings& each : all) {
    if (!same_display(each, display)) continue;
    const bool connector = !each.connector.empty() && each.connector == display.connector;
    const int fit = 2 * static_cast<int>(connector) + static_cast<int>(each.x == display.x && each.y == display.y);
    if (fit > best_fit) best = &each, best_fit = fit;
  }
  return best;
}

void keep_output(std::vector<OutputSettings>& all, OutputSettings settings, bool twin) {
  const DisplayPlace place{settings.display, settings.connector, settings.x, settings.y, twin};
  if (const OutputSettings* there = find_output(all, place)) {
    all[static_cast<std::size_t>(there - all.data())] = std::move(settings);
    return;
  }
  if (all.size() >= kMaxOutputSettings) all.erase(all.begin());
  all.push_back(std::move(settings));
}

std::string write_outputs(std::span<const OutputSettings> all) {
  toml::array outputs;
  for (const OutputSettings& each : all.last(std::min(all.size(), kMaxOutputSettings))) {
    toml::table table{{"display", each.display},
                      {"connector", each.connector},
                      {"x", std::int64_t{each.x}},
                      {"y", std::int64_t{each.y}},
                      {"on", each.on}};
    write_mapping(stage::sane(each.mapping), table);
    outputs.push_back(std::move(table));
  }
  std::ostringstream out;
  out << "# Ombra: displays that the picture was on, and how it lies on them; places are shares of width and height.\n"
      << toml::table{{"output", std::move(outputs)}} << "\n";
  return out.str();
}

std::vector<OutputSettings> read_outputs(std::string_view text, const std::string& name,
                                         std::vector<std::string>& remarks) {
  const toml::table root = parse_toml(text, name);
  Remarks said(name);
  std::vector<OutputSettings> out;
  for (const auto& [key, node] : root) {
    const toml::array* outputs = key.str() == "output" ? node.as_array() : nullptr;
    if (!outputs) said.add(node, fmt::format("{} is no list of outputs, left out", shown(key.str())));
    for (std::size_t i = 0; outputs && i < outputs->size(); ++i) {
      const toml::table* table = outputs->get(i)->as_table();
      if (out.size() == kMaxOutputSettings) {
        said.add(*outputs->get(i), fmt::format("only {} outputs are read", kMaxOutputSettings));
        break;
      }
      if (!table) {
        said.add(*outputs->get(i), "an output must be a table, left out");
        continue;
      }
      OutputSettings settings;
      TableReader reader(*table, said);
      reader.get("display", settings.display);
      reader.get("connector", settings.connector);
      reader.get("x", settings.x);
      reader.get("y", settings.y);
      reader.get("on", settings.on);
      read_mapping(reader, settings.mapping, said);
      reader.end();
      settings.mapping = stage::sane(settings.mapping);
      out.push_back(std::move(settings));
    }
  }
  for (std::string& remark : said.take()) remarks.push_back(std::move(remark));
  return out;
}

std::filesystem::path outputs_path() {
  const std::filesystem::path session = session_path();
  return session.empty() ? session : session.parent_path() / "outputs.toml";
}

std::vector<OutputSettings> load_outputs(const std::filesystem::path& path, std::vector<std::string>& remarks) {
  std::error_code ignored;
  if (path.empty() || !std::filesystem::exists(path, ignored)) return {};
  return read_outputs(read_text(path, kLimitBytes), path.string(), remarks);
}

void save_outputs(const std::filesystem::path& path, std::span<const OutputSettings> all) {
  std::error_code fault;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), fault);
  if (fault) throw error("{}: {}\nhint: choose another place", path.parent_path().string(), fault.message());
  write_atomically(path, write_outputs(all));
}

}  // namespace ombra::show
