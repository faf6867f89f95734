#pragma once
// Reading TOML tables strictly: every key is asked for once with its type and range; what is left over is an error.
// Errors are UsageError "FILE:LINE: what was expected". Thread: one owner.

#include "core/error.hpp"

#include <toml++/toml.h>

#include <set>
#include <string>
#include <vector>

namespace ombra {

// Parses text; name stands in error messages. Throws UsageError with name:line.
toml::table parse_toml(std::string_view text, const std::string& name);

class ConfigReader {
 public:
  // table must outlive the reader; where names it in messages, e.g. "[painter]"
  ConfigReader(const toml::table& table, std::string file, std::string where);

  bool has(const std::string& key) const { return table_.contains(key); }
  bool is_list(const std::string& key) const { return table_[key].is_array(); }
  // Without a fallback the key must be there.
  std::int64_t integer(const std::string& key, std::int64_t low, std::int64_t high);
  std::int64_t integer(const std::string& key, std::int64_t low, std::int64_t high, std::int64_t fallback);
  double number(const std::string& key, double low, double high);
  double number(const std::string& key, double low, double high, double fallback);
  bool boolean(const std::string& key, bool fallback);
  std::string text(const std::string& key);
  std::string text(const std::string& key, const std::string& fallback);
  // one of choices, or an error that lists them; the first is the fallback where optional
  std::string choice(const std::string& key, const std::vector<std::string>& choices, bool optional = true);
  std::vector<std::int64_t> integers(const std::string& key, std::int64_t low, std::int64_t high);
  std::vector<double> numbers(const std::string& key, double low, double high);
  std::vector<std::string> texts(const std::string& key);
  const toml::table& table(const std::string& key);
  const toml::array& array(const std::string& key);
  const toml::table* optional_table(const std::string& key);

  // Every key that nobody asked for is an error that lists the ones that exist.
  void finish() const;
  // -> an error at the line of key (of the table where it lacks that key), to throw
  UsageError fault(const std::string& key, const std::string& text) const;
  const std::string& file() const { return file_; }

 private:
  const toml::table& table_;
  std::string file_, where_;
  std::set<std::string> asked_;
};

}  // namespace ombra
