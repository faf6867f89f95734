#include "core/config.hpp"

#include "core/text.hpp"

#include <fmt/ranges.h>

namespace ombra {

toml::table parse_toml(std::string_view text, const std::string& name) {
  try {
    return toml::parse(with_line_feeds(text, name), name);
  } catch (const Error& e) {
    throw UsageError(e.what());
  } catch (const toml::parse_error& e) {
    throw UsageError(
        fmt::format("{}:{}: {}\nhint: see toml.io for the syntax", name, e.source().begin.line, e.description()));
  }
}

ConfigReader::ConfigReader(const toml::table& table, std::string file, std::string where)
    : table_(table), file_(std::move(file)), where_(std::move(where)) {}

UsageError ConfigReader::fault(const std::string& key, const std::string& text) const {
  const toml::node* node = table_.get(key);
  const auto line = node ? node->source().begin.line : table_.source().begin.line;
  return UsageError(fmt::format("{}:{}: {} {}: {}", file_, line, where_, key, text));
}

std::int64_t ConfigReader::integer(const std::string& key, std::int64_t low, std::int64_t high) {
  asked_.insert(key);
  const toml::node* node = table_.get(key);
  if (!node) throw fault(key, fmt::format("missing; expected a whole number from {} to {}", low, high));
  const auto value = node->value_exact<std::int64_t>();
  if (!value || *value < low || *value > high)
    throw fault(key, fmt::format("expected a whole number from {} to {}", low, high));
  return *value;
}

std::int64_t ConfigReader::integer(const std::string& key, std::int64_t low, std::int64_t high, std::int64_t fallback) {
  asked_.insert(key);
  return has(key) ? integer(key, low, high) : fallback;
}

double ConfigReader::number(const std::string& key, double low, double high) {
  asked_.insert(key);
  const toml::node* node = table_.get(key);
  if (!node) throw fault(key, fmt::format("missing; expected a number from {} to {}", low, high));
  const auto value = node->value<double>();
  if (!value || !(*value >= low && *value <= high))
    throw fault(key, fmt::format("expected a number from {} to {}", low, high));
  return *value;
}

double ConfigReader::number(const std::string& key, double low, double high, double fallback) {
  asked_.insert(key);
  return has(key) ? number(key, low, high) : fallback;
}

bool ConfigReader::boolean(const std::string& key, bool fallback) {
  asked_.insert(key);
  const toml::node* node = table_.get(key);
  if (!node) return fallback;
  const auto value = node->value_exact<bool>();
  if (!value) throw fault(key, "expected true or false");
  return *value;
}

std::string ConfigReader::text(const std::string& key) {
  asked_.insert(key);
  const toml::node* node = table_.get(key);
  const auto value = node ? node->value_exact<std::string>() : std::nullopt;
  if (!value) throw fault(key, node ? "expected a text in quotes" : "missing; expected a text in quotes");
  return *value;
}

std::string ConfigReader::text(const std::string& key, const std::string& fallback) {
  asked_.insert(key);
  return has(key) ? text(key) : fallback;
}

std::string ConfigReader::choice(const std::string& key, const std::vector<std::string>& choices, bool optional) {
  asked_.insert(key);
  if (optional && !has(key)) return choices.front();
  const toml::node* node = table_.get(key);
  const auto value = node ? node->value_exact<std::string>() : std::nullopt;
  for (const std::string& known : choices) {
    if (value && *value == known) return known;
  }
  throw fault(key, fmt::format("{}expected one of {}", node ? "" : "missing; ", fmt::join(choices, ", ")));
}

std::vector<std::int64_t> ConfigReader::integers(const std::string& key, std::int64_t low, std::int64_t high) {
  std::vector<std::int64_t> values;
  for (const toml::node& node : array(key)) {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < low || *value > high) {
      throw fault(key, fmt::format("expected whole numbers from {} to {}", low, high));
    }
    values.push_back(*value);
  }
  return values;
}

std::vector<double> ConfigReader::numbers(const std::string& key, double low, double high) {
  std::vector<double> values;
  for (const toml::node& node : array(key)) {
    const auto value = node.value<double>();
    if (!value || !(*value >= low && *value <= high))
      throw fault(key, fmt::format("expected numbers from {} to {}", low, high));
    values.push_back(*value);
  }
  return values;
}

std::vector<std::string> ConfigReader::texts(const std::string& key) {
  std::vector<std::string> values;
  for (const toml::node& node : array(key)) {
    const auto value = node.value_exact<std::string>();
    if (!value) throw fault(key, "expected texts in quotes");
    values.push_back(*value);
  }
  return values;
}

const toml::table& ConfigReader::table(const std::string& key) {
  const toml::table* found = optional_table(key);
  if (!found) throw fault(key, "missing; expected a table");
  return *found;
}

const toml::table* ConfigReader::optional_table(const std::string& key) {
  asked_.insert(key);
  const toml::node* node = table_.get(key);
  if (node && !node->is_table()) throw fault(key, "expected a table");
  return node ? node->as_table() : nullptr;
}

const toml::array& ConfigReader::array(const std::string& key) {
  asked_.insert(key);
  const toml::node* node = table_.get(key);
  if (!node || !node->is_array()) throw fault(key, node ? "expected a list" : "missing; expected a list");
  return *node->as_array();
}

void ConfigReader::finish() const {
  for (const auto& [key, node] : table_) {
    if (!asked_.contains(std::string(key.str()))) {
      throw UsageError(fmt::format("{}:{}: {} {}: unknown key; known are {}", file_, node.source().begin.line, where_,
                                   key.str(), fmt::join(asked_, ", ")));
    }
  }
}

}  // namespace ombra
