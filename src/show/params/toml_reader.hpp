#pragma once
// TOML files that people may have edited, read without trust: what is wrong is left out, and said. One that is no TOML
// is refused as a whole.
// Thread: one owner.

#include "core/error.hpp"
#include "core/text.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <glm/glm.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ombra::show {

// "name:line: text", at most twenty.
class Remarks {
 public:
  static constexpr std::size_t kMost = 20;

  explicit Remarks(std::string name) : name_(std::move(name)) {}

  void add(const toml::node& node, const std::string& text) {
    if (list_.size() < kMost) list_.push_back(fmt::format("{}:{}: {}", name_, node.source().begin.line, text));
  }
  std::vector<std::string> take() { return std::move(list_); }

 private:
  std::string name_;
  std::vector<std::string> list_;
};

// A word of the file, fit for a message.
inline std::string shown(std::string_view word) { return printable(word.substr(0, 60)); }

// name: of the file, for messages. Throws Error with the line that is no TOML.
inline toml::table parse_toml(std::string_view text, const std::string& name) {
  try {
    return toml::parse(with_line_feeds(text, name), name);
  } catch (const toml::parse_error& fault) {
    throw error("{}:{}: {}\nhint: correct the line, or start without this file", name, fault.source().begin.line,
                shown(fault.description()));
  }
}

// Reads a table, and remembers which of its keys somebody wanted.
class TableReader {
 public:
  TableReader(const toml::table& table, Remarks& remarks) : table_(table), remarks_(remarks) {}

  template <typename Value>
  void get(std::string_view key, Value& value, const char* kind) {
    const toml::node* node = find(key);
    if (!node) return;
    if (const auto read = read_as(*node, value)) return void(value = *read);
    remarks_.add(*node, fmt::format("{} must be {}, left out", key, kind));
  }
  void get(std::string_view key, double& value) { get(key, value, "a number"); }
  void get(std::string_view key, bool& value) { get(key, value, "true or false"); }
  void get(std::string_view key, std::string& value) { get(key, value, "a text"); }
  void get(std::string_view key, int& value) { get(key, value, "a whole number"); }
  void get(std::string_view key, glm::dvec2& value) { get(key, value, "two numbers"); }

  const toml::node* find(std::string_view key) {
    known_.push_back(key);
    return table_.get(key);
  }
  // After all: what nobody wanted.
  void end() {
    for (const auto& [key, node] : table_) {
      if (std::ranges::find(known_, key.str()) == known_.end())
        remarks_.add(node, fmt::format("there is no {} here, left out", shown(key.str())));
    }
  }

  // count numbers in an array -> whether it was that
  static bool numbers(const toml::node& node, std::size_t count, double* out) {
    const toml::array* array = node.as_array();
    if (!array || array->size() != count) return false;
    for (std::size_t i = 0; i < count; ++i) {
      const auto number = array->get(i)->value<double>();
      if (!number || array->get(i)->is_boolean() || !std::isfinite(*number)) return false;
      out[i] = *number;
    }
    return true;
  }

 private:
  static constexpr std::size_t kLimitText = 200;
  static constexpr std::int64_t kMaxWhole = 1 << 20;  // more than any count, and than pixels of a desktop
  static std::optional<double> read_as(const toml::node& node, double) {
    const auto number = node.is_number() ? node.value<double>() : std::nullopt;
    return number && std::isfinite(*number) ? number : std::nullopt;
  }
  static std::optional<bool> read_as(const toml::node& node, bool) { return node.value_exact<bool>(); }
  static std::optional<std::string> read_as(const toml::node& node, const std::string&) {
    const auto text = node.value_exact<std::string_view>();
    return text ? std::optional(std::string(text->substr(0, kLimitText))) : std::nullopt;
  }
  static std::optional<int> read_as(const toml::node& node, int) {
    const auto whole = node.value_exact<std::int64_t>();
    if (!whole || *whole < -kMaxWhole || *whole > kMaxWhole) return std::nullopt;
    return static_cast<int>(*whole);
  }
  static std::optional<glm::dvec2> read_as(const toml::node& node, const glm::dvec2&) {
    glm::dvec2 out;
    return numbers(node, 2, &out.x) ? std::optional(out) : std::nullopt;
  }

  const toml::table& table_;
  Remarks& remarks_;
  std::vector<std::string_view> known_;
};

}  // namespace ombra::show
