#include "core/text.hpp"

#include "core/error.hpp"

#include <charconv>

namespace ombra {

std::string_view plain_text(std::string_view bytes, const std::string& origin) {
  constexpr std::size_t kSampled = 256;  // bytes: nothing that is text in bytes has a zero there
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) {
    throw error("{}:1: the text is UTF-16\nhint: save it as UTF-8", origin);
  }
  if (bytes.substr(0, kSampled).find('\0') != std::string_view::npos) {
    throw error("{}:1: not a plain text: zeros among its first bytes\nhint: save it as UTF-8; is it the right file?",
                origin);
  }
  return bytes;
}

std::string with_line_feeds(std::string_view bytes, const std::string& origin) {
  const std::string_view text = plain_text(bytes, origin);
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      result += text[i];
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      result += '\n';
    }
  }
  return result;
}

std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<unsigned char>(c) < 32 || c == 127 ? '?' : c;
  return out;
}

std::optional<std::array<std::uint8_t, 3>> parse_rgb(std::string_view text) {
  if (text.size() != 7 || text.front() != '#') return std::nullopt;
  const char *const first = text.data() + 1, *const last = text.data() + text.size();
  std::uint32_t rgb = 0;
  const auto [end, fault] = std::from_chars(first, last, rgb, 16);
  if (fault != std::errc{} || end != last) return std::nullopt;
  return std::array{static_cast<std::uint8_t>(rgb >> 16), static_cast<std::uint8_t>(rgb >> 8 & 255),
                    static_cast<std::uint8_t>(rgb & 255)};
}

std::string first_line(std::string_view text) { return std::string(text.substr(0, text.find('\n'))); }

}  // namespace ombra
