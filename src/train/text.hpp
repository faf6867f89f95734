#pragma once
// Pieces of text without copies, for the readers of motion files.
// Thread: any (one owner per object).

#include <charconv>
#include <cstddef>
#include <string_view>
#include <vector>

namespace ombra::train {

inline std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

inline std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (std::size_t from = 0;;) {
    const std::size_t to = text.find(at, from);
    parts.push_back(text.substr(from, to == std::string_view::npos ? to : to - from));
    if (to == std::string_view::npos) return parts;
    from = to + 1;
  }
}

// The whole of text as a decimal number; "nan" and "inf" are numbers, a leading + is fine. The locale plays no part.
inline bool parse_number(std::string_view text, double& value) {
  text = trim(text);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && end == text.data() + text.size() && !text.empty();
}

// Line by line, with or without carriage returns.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  bool next(std::string_view& line) {
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find('\n');
    line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    ++number_;
    return true;
  }
  std::size_t number() const { return number_; }  // of the line read last, from 1

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

// Word by word, separated by any white space.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}
  // -> the next word, empty at the end
  std::string_view next() {
    while (at_ < text_.size() && space(text_[at_])) line_ += text_[at_++] == '\n';
    const std::size_t from = at_;
    while (at_ < text_.size() && !space(text_[at_])) ++at_;
    return text_.substr(from, at_ - from);
  }
  // -> the rest of the current line up to a brace, trimmed (names may hold blanks)
  std::string_view rest_of_line() {
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '{') ++at_;
    return trim(text_.substr(from, at_ - from));
  }
  std::size_t line() const { return line_; }

 private:
  static bool space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f'; }

  std::string_view text_;
  std::size_t at_ = 0, line_ = 1;
};

}  // namespace ombra::train
