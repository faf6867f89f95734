#pragma once
// Letters of names that programs compare: endings of files, words of parameters, names of devices. Only the 26 of ASCII
// change; the rest of UTF-8 stays as it is, and so does everything in a Turkish locale, where an I is no capital i.
// Thread: any.

#include <algorithm>
#include <string>
#include <string_view>

namespace ombra {

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
