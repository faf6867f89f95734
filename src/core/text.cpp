#include "core/text.hpp"

#include "core/error.hpp"

#include <charconv>

namespace ombra {
namespace {

struct Character {
  std::size_t bytes = 0;  // 0: these are none of UTF-8
  std::uint32_t code = 0;
};

// The first one (RFC 3629): shortest form only, no surrogates, nothing beyond U+10FFFF.
Character first_character(std::string_view text) {
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return {1, byte(0)};
  const std::size_t bytes = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
  if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < bytes) return {};
  std::uint32_t code = byte(0) & (0x7fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0u) != 0x80u) return {};
    code = code << 6 | (byte(i) & 0x3fu);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool real = code >= kLeast[bytes] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return real ? Character{bytes, code} : Character{};
}

bool controls(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029;
}

}  // namespace

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

std::string clean_line(std::string_view text, std::size_t longest) {
  std::string out;
  while (!text.empty()) {
    const Character next = first_character(text);
    if (next.bytes > 0 && !controls(next.code)) {
      if (out.size() + next.bytes > longest) break;
      out += text.substr(0, next.bytes);
    }
    text.remove_prefix(std::max<std::size_t>(next.bytes, 1));
  }
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
