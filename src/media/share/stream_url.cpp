#include "media/share/stream_url.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace ombra::media {
namespace {

constexpr std::size_t kMaxLength = 1000;

struct Scheme {
  std::string_view name;
  const char* muxer;
};
constexpr std::array kSchemes = {Scheme{"udp", "mpegts"}, Scheme{"srt", "mpegts"}, Scheme{"tcp", "mpegts"},
                                 Scheme{"rtmp", "flv"}, Scheme{"rtmps", "flv"}};

constexpr const char* kHint = "udp://HOST:PORT, srt://HOST:PORT, rtmp://HOST/APP/KEY or rtmps://HOST/APP/KEY";

}  // namespace

StreamUrl stream_url(const std::string& text) {
  if (text.size() > kMaxLength) {
    throw UsageError(fmt::format("an address for a stream has at most {} letters\nhint: {}", kMaxLength, kHint));
  }
  const std::size_t colon = std::min(text.find("://"), text.size());
  const std::string word = lower(std::string_view(text).substr(0, colon));
  const auto* scheme = std::find_if(kSchemes.begin(), kSchemes.end(), [&](const Scheme& s) { return s.name == word; });
  if (scheme == kSchemes.end()) {
    const std::string what =
        colon < text.size() ? printable(text.substr(0, std::min<std::size_t>(colon, 20))) + "://" : "this";
    throw UsageError(fmt::format("{} is no address that a stream can go to\nhint: {}", what, kHint));
  }
  const bool odd = std::any_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c == 0x7f; });
  const std::string_view rest = std::string_view(text).substr(colon + 3);
  const std::string_view authority = rest.substr(0, std::min(rest.find_first_of("/?#"), rest.size()));
  const std::string_view host =
      authority.substr(authority.find('@') == std::string_view::npos ? 0 : authority.rfind('@') + 1);
  const bool listens = text.find("mode=listener") != std::string::npos || text.find("listen=1") != std::string::npos;
  if (odd || host.empty() || (host.front() == ':' && !listens)) {
    throw UsageError(fmt::format("the stream's address names no host, or has a space in it\nhint: {}", kHint));
  }
  StreamUrl url;
  url.url = word + text.substr(colon);
  url.muxer = scheme->muxer;
  // of a path all but the last part, which is the key; of what stands before @ and behind ? nothing
  url.shown = word + "://" + std::string(host);
  const std::string_view behind = rest.substr(authority.size());
  const std::string_view path = behind.substr(0, std::min(behind.find_first_of("?#"), behind.size()));
  const std::size_t key = path.rfind('/');
  if (key != std::string_view::npos) url.shown += path.substr(0, key);
  if (authority.size() > host.size()) url.secrets.emplace_back(authority.substr(0, authority.size() - host.size() - 1));
  if (key != std::string_view::npos) url.secrets.emplace_back(path.substr(key + 1));
  if (path.size() + 1 < behind.size()) url.secrets.emplace_back(behind.substr(path.size() + 1));
  if (behind.size() > 1) url.shown += key == std::string_view::npos ? "?..." : "/...";
  url.shown = printable(url.shown);
  return url;
}

}  // namespace ombra::media
