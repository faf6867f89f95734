#pragma once
// Pieces of text without copies, for the readers of motion files.
// Thread: any (one owner per object).

#include <algorithm>
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

// -> are they the same but for capitals? word: in small letters
inline bool same_word(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; });
}

// What to do about a word that should be a number and is none.
inline const char* number_hint(std::string_view word) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t i = 1; i < word.size(); ++i) {
    if (!digit(word[i - 1])) continue;
    if (word[i] == ',') return "numbers are written with a decimal point here, as in 0.5";
    if (word[i] == '-' || word[i] == '+') return "are these two numbers without a blank between them?";
  }
  return "is the file whole?";
}

// Line by line, ended by \n, \r\n or \r.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  bool next(std::string_view& line) {
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find_first_of("\r\n");
    line = rest_.substr(0, end);
    ended_ = end != std::string_view::npos;
    const bool two = ended_ && rest_.substr(end, 2) == "\r\n";
    rest_.remove_prefix(ended_ ? end + (two ? 2 : 1) : rest_.size());
    ++number_;
    return true;
  }
  std::size_t number() const { return number_; }  // of the line read last, from 1
  bool ended() const { return ended_; }           // the line read last; false: the text stops in it

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
  bool ended_ = false;
};

// Word by word, separated by any white space; braces and colons are words of their own. What stands behind a word that
// begins with # or // is a comment up to the end of the line.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}
  // -> the next word, empty at the end
  std::string_view next() {
    skip();
    const std::size_t from = at_;
    if (at_ < text_.size() && single(text_[at_])) return text_.substr(at_++, 1);
    while (at_ < text_.size() && !space(text_[at_]) && !single(text_[at_])) ++at_;
    return text_.substr(from, at_ - from);
  }
  // Passes over this character where it comes next.
  void pass(char c) {
    skip();
    if (at_ < text_.size() && text_[at_] == c) ++at_;
  }
  // -> the rest of the current line up to a brace, trimmed (names may hold blanks and colons)
  std::string_view rest_of_line() {
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r' && text_[at_] != '{') ++at_;
    return trim(text_.substr(from, at_ - from));
  }
  // -> is nothing but blanks left of the current line?
  bool at_line_end() const {
    const std::size_t next = text_.find_first_not_of(" \t\v\f", at_);
    return next == std::string_view::npos || text_[next] == '\n' || text_[next] == '\r';
  }
  std::size_t line() const { return line_; }

 private:
  static bool space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f'; }
  static bool single(char c) { return c == '{' || c == '}' || c == ':'; }
  void skip() {
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '#' || text_.substr(at_, 2) == "//") {
        while (at_ + 1 < text_.size() && text_[at_ + 1] != '\n' && text_[at_ + 1] != '\r') ++at_;
      } else if (!space(text_[at_])) {
        return;
      }
      line_ += text_[at_] == '\n' || (text_[at_] == '\r' && text_.substr(at_ + 1, 1) != "\n");
    }
  }

  std::string_view text_;
  std::size_t at_ = 0, line_ = 1;
};

}  // namespace ombra::train
