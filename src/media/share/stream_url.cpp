#include "media/share/stream_url.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace ombra::media {
namespace {

constexpr std::size_t kMaxLength = 1000, kMaxScheme = 8;

struct Scheme {
  std::string_view name;
  const char* muxer;
  std::string_view listens;  // its option that makes FFmpeg wait for a receiver, and what that says
  std::string_view value;    // "": anything but 0
};
constexpr std::array kSchemes = {Scheme{"udp", "mpegts", "", ""}, Scheme{"srt", "mpegts", "mode", "listener"},
                                 Scheme{"tcp", "mpegts", "listen", ""}, Scheme{"rtmp", "flv", "", ""},
                                 Scheme{"rtmps", "flv", "", ""}};

constexpr const char* kHint = "udp://HOST:PORT, srt://HOST:PORT, rtmp://HOST/APP/KEY or rtmps://HOST/APP/KEY";

// Any byte over 0x7f may stand in UTF-8.
bool is_odd(char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; }
bool is_of_name(char c) {
  return is_letter_or_digit(c) || c == '.' || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

std::vector<std::string_view> split(std::string_view text, std::string_view at) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = std::min(text.find_first_of(at), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

// An address behind "://", cut as FFmpeg cuts it.
struct Parts {
  std::string_view login;  // "user:word", without its @
  std::string_view host;   // with its port
  std::string_view path;   // from its slash on
  std::string_view tail;   // from ? or # on

  explicit Parts(std::string_view rest) {
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    const std::string_view behind = rest.substr(authority.size());
    const std::size_t at = authority.rfind('@');
    login = at == std::string_view::npos ? std::string_view() : authority.substr(0, at);
    host = authority.substr(at == std::string_view::npos ? 0 : at + 1);
    path = behind.substr(0, behind.find_first_of("?#"));
    tail = behind.substr(path.size());
  }

  std::vector<std::string_view> options() const {
    const std::size_t begin = tail.find('?');
    return begin == std::string_view::npos ? std::vector<std::string_view>() : split(tail.substr(begin + 1), "&");
  }
};

bool listens(const Scheme& scheme, const Parts& parts) {
  const std::vector<std::string_view> options = parts.options();
  return !scheme.listens.empty() && std::ranges::any_of(options, [&](std::string_view option) {
    const std::string_view name = option.substr(0, option.find('='));
    const std::string_view value = option.substr(std::min(name.size() + 1, option.size()));
    return name == scheme.listens && (scheme.value.empty() ? value != "0" : value == scheme.value);
  });
}

// A name or number, with a port or without. Else part of a password may stand here: one with a slash, ? or # in it.
bool is_host(const Parts& parts) {
  if (parts.path.find('@') != std::string_view::npos || parts.tail.find('@') != std::string_view::npos) return false;
  std::string_view left = parts.host;
  if (left.starts_with('[')) {
    const std::size_t end = left.find(']');
    if (end == std::string_view::npos) return false;
    const std::string_view number = left.substr(1, end - 1);
    if (!std::ranges::all_of(number, [](char c) { return is_of_name(c) || c == ':' || c == '%'; })) return false;
    left.remove_prefix(end + 1);
  } else {
    while (!left.empty() && is_of_name(left.front())) left.remove_prefix(1);
  }
  return left.empty() || (left.front() == ':' && std::ranges::all_of(left.substr(1), is_digit));
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    const std::string_view digits = text.substr(i + 1, 2);
    if (text[i] == '%' && digits.size() == 2 &&
        std::from_chars(digits.data(), digits.data() + 2, code, 16).ptr == digits.data() + 2) {
      out += static_cast<char>(code), i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::string encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

// In all forms in which FFmpeg may say it.
void hide(std::string_view secret, std::vector<std::string>& secrets) {
  for (std::string form : {std::string(secret), decoded(secret), encoded(secret)}) {
    if (!form.empty() && std::ranges::find(secrets, form) == secrets.end()) secrets.push_back(std::move(form));
  }
}

// What is shown of it: the host, and of a path the first part, if there are more. The key is behind that.
std::string show(const Parts& parts, std::vector<std::string>& secrets) {
  hide(parts.login, secrets);
  const std::size_t colon = std::min(parts.login.find(':'), parts.login.size());
  hide(parts.login.substr(0, colon), secrets);
  if (colon < parts.login.size()) hide(parts.login.substr(colon + 1), secrets);
  if (!parts.tail.empty()) hide(parts.tail.substr(1), secrets);
  for (const std::string_view option : split(parts.tail, "?#&")) {
    const std::size_t equal = option.find('=');
    hide(equal == std::string_view::npos ? option : option.substr(equal + 1), secrets);
  }
  std::vector<std::string_view> folders = split(parts.path, "/");
  if (!is_host(parts)) {
    hide(parts.host, secrets);
    for (const std::string_view part : split(parts.host, ":")) hide(part, secrets);
    hide(parts.path, secrets);
    for (const std::string_view part : split(parts.path, "/@:")) hide(part, secrets);
    return "...";
  }
  std::string shown(parts.host);
  if (folders.size() > 1) {
    shown += '/';
    shown += folders.front();
    const auto key = static_cast<std::size_t>(folders[1].data() - parts.path.data());
    hide(parts.path.substr(key), secrets);
    folders.erase(folders.begin());
  }
  for (const std::string_view folder : folders) hide(folder, secrets);
  if (!folders.empty()) return shown + "/...";
  return parts.tail.size() > 1 ? shown + "?..." : shown;
}

}  // namespace

StreamUrl stream_url(const std::string& text) {
  if (text.size() > kMaxLength) {
    throw UsageError(fmt::format("an address for a stream has at most {} letters\nhint: {}", kMaxLength, kHint));
  }
  const std::size_t colon = std::min(text.find("://"), text.size());
  const std::string word = lower(std::string_view(text).substr(0, colon));
  const auto* scheme = std::find_if(kSchemes.begin(), kSchemes.end(), [&](const Scheme& s) { return s.name == word; });
  if (scheme == kSchemes.end()) {
    const bool is_word = colon < text.size() && colon <= kMaxScheme && std::ranges::all_of(word, is_letter_or_digit);
    throw UsageError(
        fmt::format("{} is no address that a stream can go to\nhint: {}", is_word ? word + "://" : "this", kHint));
  }
  const Parts parts(std::string_view(text).substr(colon + 3));
  StreamUrl url;
  url.listens = listens(*scheme, parts);
  if (std::ranges::any_of(text, is_odd) || parts.host.empty() || (parts.host.front() == ':' && !url.listens)) {
    throw UsageError(fmt::format("the stream's address names no host, or has a space in it\nhint: {}", kHint));
  }
  url.url = word + text.substr(colon);
  url.muxer = scheme->muxer;
  url.shown = printable(word + "://" + show(parts, url.secrets));
  return url;
}

}  // namespace ombra::media
