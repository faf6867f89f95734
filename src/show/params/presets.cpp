#include "show/params/presets.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/number.hpp"
#include "core/text.hpp"
#include "show/params/toml_reader.hpp"

#include <sys/stat.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <sstream>

namespace ombra::show {
namespace {

constexpr std::size_t kLimitBytes = 256 * 1024;
constexpr std::size_t kLongestText = 8192;  // that is looked at; what a parameter keeps of it is its own
constexpr std::int64_t kVersion = 2;        // 1: without light_rows(), for the light listened by itself

// -> the value as text that Params::set_text reads, or "" for what no parameter can be
std::string value_text(const toml::node& node) {
  if (const auto number = node.value_exact<double>()) return fmt::format("{:.9g}", *number);
  if (const auto whole = node.value_exact<std::int64_t>()) return fmt::format("{}", *whole);
  if (const auto yes = node.value_exact<bool>()) return *yes ? "on" : "off";
  if (const auto text = node.value_exact<std::string_view>()) return std::string(text->substr(0, kLongestText));
  return "";
}

void read_value(const std::string& path, const toml::node& node, Params& params, Remarks& remarks) {
  const int index = params.open(path);
  if (index < 0) return remarks.add(node, fmt::format("no parameter is called {}, left out", shown(path)));
  if (params.declaration(index).transient) return remarks.add(node, fmt::format("{} cannot be stored, left out", path));
  const Declaration& d = params.declaration(index);
  const bool number = d.kind == Kind::kFloat || d.kind == Kind::kInteger;
  if (number != node.is_number() || (d.kind == Kind::kBool) != node.is_boolean() ||
      (d.kind == Kind::kText && !node.is_string())) {
    return remarks.add(node, fmt::format("{} must be a {}, left out", path, kind_name(d.kind)));
  }
  try {
    const std::string remark = params.set_text(path, value_text(node));
    if (!remark.empty()) remarks.add(node, remark);
  } catch (const UsageError& fault) {
    const std::string text = fault.what();
    remarks.add(node, first_line(text) + ", left out");
  }
}

void read_rows(const toml::array& array, Params& params, Modulation& modulation, Remarks& remarks) {
  std::vector<ModulationRow> rows;
  for (const toml::node& node : array) {
    const toml::table* table = node.as_table();
    if (!table) {
      remarks.add(node, "a row of modulation must be a table, left out");
      continue;
    }
    if (rows.size() == Modulation::kMaxRows) {
      remarks.add(node, fmt::format("only {} rows of modulation are read", Modulation::kMaxRows));
      break;
    }
    ModulationRow row;
    bool good = true;
    for (const auto& [key, value] : *table) {
      const std::string_view word = key.str();
      const auto number = value.value<double>();
      if (word == "source") {
        const auto source = find_source(value.value_or<std::string_view>(""));
        if (source) row.source = *source;
        if (!source) remarks.add(value, "no such source of modulation, row left out"), good = false;
      } else if (word == "to") {
        row.target = params.open(value.value_or<std::string_view>(""));
        if (row.target < 0 || !params.declaration(row.target).modulatable) {
          remarks.add(value, "the music cannot push that parameter, row left out");
          good = false;
        }
      } else if (word == "amount" || word == "attack_s" || word == "release_s" || word == "beats") {
        float& field = word == "amount"     ? row.amount
                       : word == "attack_s" ? row.attack_s
                       : word == "beats"    ? row.beats
                                            : row.release_s;
        if (number) field = static_cast<float>(*number);
        if (!number) remarks.add(value, fmt::format("{} must be a number, left out", word));
      } else {
        remarks.add(value, fmt::format("modulation rows have no {}, left out", shown(word)));
      }
    }
    if (good && row.target < 0) remarks.add(node, "a row of modulation without `to`, left out");
    if (good && row.target >= 0) rows.push_back(row);
  }
  modulation.set_rows(std::move(rows), params);
}

// What the light did by itself before version 2, for a table of that time.
void add_light_rows(const Params& params, Modulation& modulation) {
  std::vector<ModulationRow> rows = modulation.rows();
  for (const ModulationRow& light : Modulation::light_rows(params)) {
    const auto pushes = [&light](const ModulationRow& row) { return row.target == light.target; };
    if (std::none_of(rows.begin(), rows.end(), pushes)) rows.push_back(light);
  }
  modulation.set_rows(std::move(rows), params);
}

void read_machine(const toml::table& table, Machine* machine) {
  if (!machine) return;
  machine->input = std::string(table["input"].value_or<std::string_view>("").substr(0, 200));
  machine->midi = std::string(table["midi"].value_or<std::string_view>("").substr(0, 200));
  machine->display = std::string(table["display"].value_or<std::string_view>("").substr(0, 200));
  machine->fullscreen = table["fullscreen"].value_or(false);
  machine->record_folder = std::string(table["record_folder"].value_or<std::string_view>("").substr(0, 1000));
  machine->stream = std::string(table["stream"].value_or<std::string_view>("").substr(0, 1000));
  machine->camera = std::string(table["camera"].value_or<std::string_view>("").substr(0, 200));
  machine->decoders.clear();
  const toml::array* decoders = table["decoder"].as_array();
  for (std::size_t i = 0; decoders && i < std::min<std::size_t>(decoders->size(), 16); ++i) {
    const toml::node_view<const toml::node> each(decoders->get(i));
    const DecoderTimes times = {std::string(each["key"].value_or<std::string_view>("").substr(0, 300)),
                                each["gl_ms"].value_or(-1.0), each["torch_ms"].value_or(-1.0)};
    const bool sane = times.gl_ms >= 0.0 && times.gl_ms < 1e6 && times.cpu_ms >= 0.0 && times.cpu_ms < 1e6;
    if (!times.key.empty() && sane) machine->decoders.push_back(times);
  }
}

// -> the names of keys in one row; nothing where it has none, or more than there can be
std::optional<std::vector<std::string>> key_names(const toml::node& node) {
  std::vector<std::string> names;
  const auto take = [&names](const toml::node& each) {
    const auto name = each.value_exact<std::string_view>();
    if (name && !name->empty()) names.emplace_back(*name);
    return name && name->size() <= KeyRow::kMaxBytes;
  };
  const toml::array* list = node.as_array();
  if (list && list->size() > KeyRow::kMaxKeys) return {};
  for (std::size_t i = 0; list && i < list->size(); ++i) {
    if (!take(*list->get(i))) return {};
  }
  return list || take(node) ? std::optional(names) : std::nullopt;
}

void read_keys(const toml::table& table, std::vector<KeyRow>& rows, Remarks& remarks) {
  rows.clear();
  for (const auto& [key, node] : table) {
    if (rows.size() == KeyRow::kMaxRows) {
      remarks.add(node, fmt::format("only {} rows of [keys] are read", KeyRow::kMaxRows));
      break;
    }
    auto names = key_names(node);
    if (names && key.str().size() <= KeyRow::kMaxBytes) {
      rows.push_back({std::string(key.str()), std::move(*names), static_cast<int>(node.source().begin.line)});
    } else {
      remarks.add(node, fmt::format("[keys] {} must be the name of a key or a list of at most {}, left out",
                                    shown(key.str()), KeyRow::kMaxKeys));
    }
  }
}

toml::table key_table(const std::vector<KeyRow>& rows) {
  toml::table table;
  for (const KeyRow& row : rows) {
    toml::array list;
    for (const std::string& key : row.keys) list.push_back(key);
    if (row.keys.size() < 2) {
      table.insert(row.command, row.keys.empty() ? std::string() : row.keys.front());
    } else {
      table.insert(row.command, std::move(list));
    }
  }
  return table;
}

toml::array row_array(const Params& params, const Modulation& modulation) {
  toml::array rows;
  for (const ModulationRow& row : modulation.rows()) {
    toml::table table{{"source", source_name(row.source)},
                      {"amount", six_digits(row.amount)},
                      {"attack_s", six_digits(row.attack_s)},
                      {"release_s", six_digits(row.release_s)},
                      {"to", params.declaration(row.target).path}};
    if (has_period(row.source)) table.insert("beats", six_digits(row.beats));
    rows.push_back(std::move(table));
  }
  return rows;
}

}  // namespace

std::string write_preset(const Params& params, const Modulation& modulation, const Machine* machine) {
  std::map<std::string, toml::table> groups;
  for (const Declaration& family : params.families()) groups[family.path];
  for (int i = 0; i < params.size(); ++i) {
    const Declaration& d = params.declaration(i);
    if (d.transient || d.unsaved) continue;
    if (d.kind == Kind::kText && params.text(i).empty()) continue;  // what has none takes none away
    if (d.member && params.base(i) == d.initial) continue;
    const std::size_t slash = d.path.find('/');
    toml::table& group = groups[d.path.substr(0, slash)];
    const std::string key = d.path.substr(slash + 1);
    switch (d.kind) {
      case Kind::kFloat:
        group.insert(key, params.base(i));
        break;
      case Kind::kInteger:
        group.insert(key, static_cast<std::int64_t>(params.base(i)));
        break;
      case Kind::kBool:
        group.insert(key, params.base(i) != 0.0);
        break;
      default:
        group.insert(key, params.text(i));
        break;
    }
  }
  toml::table root{{"version", kVersion}};
  for (auto& [name, group] : groups) root.insert(name, std::move(group));
  root.insert("modulation", row_array(params, modulation));
  if (machine) {
    toml::table table{{"input", machine->input},
                      {"midi", machine->midi},
                      {"display", machine->display},
                      {"fullscreen", machine->fullscreen},
                      {"record_folder", machine->record_folder}};
    if (!machine->stream.empty()) table.insert("stream", machine->stream);
    if (!machine->camera.empty()) table.insert("camera", machine->camera);
    toml::array decoders;
    for (const DecoderTimes& times : machine->decoders)
      decoders.push_back(toml::table{{"key", times.key}, {"gl_ms", times.gl_ms}, {"torch_ms", times.cpu_ms}});
    if (!decoders.empty()) table.insert("decoder", std::move(decoders));
    root.insert("machine", std::move(table));
    if (!machine->keys.empty()) root.insert("keys", key_table(machine->keys));
  }
  std::ostringstream out;
  out << "# Ombra: parameters by path; `ombra perform --list-parameters` explains them.\n";
  if (machine) {
    out << "# Keys are bound anew in a table [keys]: blackout = \"B\", or a list, or \"\" for none;\n"
           "# `ombra perform --list-keys` lists commands and keys.\n";
  }
  out << root << "\n";
  return out.str();
}

std::vector<std::string> read_preset(std::string_view text, const std::string& name, Params& params,
                                     Modulation& modulation, Machine* machine) {
  const toml::table root = parse_toml(text, name);
  Remarks remarks(name);
  for (const auto& [key, node] : root) {
    const std::string word(key.str());
    if (word == "modulation" && node.is_array()) {
      read_rows(*node.as_array(), params, modulation, remarks);
      if (root["version"].value_or(std::int64_t{1}) < kVersion) add_light_rows(params, modulation);
    } else if (word == "version" && node.is_integer()) {
      continue;  // read above
    } else if (word == "machine" && node.is_table()) {
      read_machine(*node.as_table(), machine);
    } else if (word == "keys" && node.is_table()) {
      if (machine) read_keys(*node.as_table(), machine->keys, remarks);
    } else if (const toml::table* group = node.as_table()) {
      params.reset_family(word);
      for (const auto& [inner, value] : *group)
        read_value(word + "/" + std::string(inner.str()), value, params, remarks);
    } else {
      remarks.add(node, fmt::format("{} is not a group of parameters, left out", shown(word)));
    }
  }
  return remarks.take();
}

std::vector<std::string> load_preset(const std::filesystem::path& path, Params& params, Modulation& modulation,
                                     Machine* machine) {
  return read_preset(read_text(path, kLimitBytes), path.string(), params, modulation, machine);
}

std::filesystem::path session_path() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state && *state == '/') {
    return std::filesystem::path(state) / "ombra" / "session.toml";
  }
  if (const char* home = std::getenv("HOME"); home && *home == '/') {
    return std::filesystem::path(home) / ".local" / "state" / "ombra" / "session.toml";
  }
  return {};
}

Machine remembered_machine() {
  Machine machine;
  try {
    const toml::table root = toml::parse(with_line_feeds(read_text(session_path(), kLimitBytes), "session"));
    if (const toml::table* table = root["machine"].as_table()) read_machine(*table, &machine);
    Remarks unread("");
    if (const toml::table* table = root["keys"].as_table()) read_keys(*table, machine.keys, unread);
  } catch (const std::exception&) {
    return {};  // there is none yet, or it is broken: the show says so when it starts
  }
  return machine;
}

void save_preset(const std::filesystem::path& path, const Params& params, const Modulation& modulation,
                 const Machine* machine) {
  std::error_code fault;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), fault);
  if (fault) throw error("{}: {}\nhint: choose another place", path.parent_path().string(), fault.message());
  const std::string text = write_preset(params, modulation, machine);
  write_atomically(path, [&](std::FILE* file) {
    if (machine && !machine->stream.empty()) ::fchmod(::fileno(file), S_IRUSR | S_IWUSR);  // it may hold a key
    std::fwrite(text.data(), 1, text.size(), file);
  });
}

}  // namespace ombra::show
