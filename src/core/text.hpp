#pragma once
// Text files as the programs of the world write them, and the letters of names that programs compare.
// Thread: any.

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ombra {

// -> the text without the byte order mark of UTF-8. Throws Error that names origin where it is UTF-16, UTF-32 or no
// text at all: told by their marks, or by zeros among the first bytes.
std::string_view plain_text(std::string_view bytes, const std::string& origin);

// The same, with every line ended by a line feed alone, whatever ended it: \r\n, or \r as on old Macs.
std::string with_line_feeds(std::string_view bytes, const std::string& origin);

// -> what stands before the first line feed: of a message, what is wrong without its hint
std::string first_line(std::string_view text);

// -> the text with a question mark for each character that would break a line or a terminal
std::string printable(std::string_view text);

// -> the text as one line of UTF-8 that can be shown, at most `longest` bytes: what is no UTF-8, control characters and
// ends of lines are left out, and it is cut between two characters
std::string clean_line(std::string_view text, std::size_t longest);

// "#ff8040", as colours are written for the web -> red, green, blue; nothing where it is no such word
std::optional<std::array<std::uint8_t, 3>> parse_rgb(std::string_view text);

// Letters of names: endings of files, words of parameters, names of devices. Only the 26 of ASCII change; the rest of
// UTF-8 stays as it is, and so does everything in a Turkish locale, where an I is no capital i.
inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
inline bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
inline bool is_letter_or_digit(char c) { return is_digit(c) || is_upper(c) || is_lower(c); }
inline char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

inline std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

inline bool same_in_any_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace ombra
