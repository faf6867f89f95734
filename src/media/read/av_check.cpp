#include "media/read/av_check.hpp"

#include "core/error.hpp"
#include "core/log.hpp"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <vector>

namespace ombra::media {
namespace {

constexpr std::size_t kMostSecrets = 64, kShortestSecret = 3;  // what is shorter stands in every line

struct Secrets {
  std::mutex mutex;
  std::vector<std::string> words;
};
Secrets& secrets() {
  static auto* kept = new Secrets;  // threads of FFmpeg may log until the very end
  return *kept;
}

bool is_secret(const std::string& line) {
  Secrets& s = secrets();
  const std::lock_guard lock(s.mutex);
  return std::any_of(s.words.begin(), s.words.end(),
                     [&](const auto& word) { return line.find(word) != std::string::npos; });
}

}  // namespace

void av_hide(const std::string& secret) {
  Secrets& s = secrets();
  const std::lock_guard lock(s.mutex);
  if (secret.size() < kShortestSecret || std::find(s.words.begin(), s.words.end(), secret) != s.words.end()) return;
  if (s.words.size() >= kMostSecrets) s.words.erase(s.words.begin());
  s.words.push_back(secret);
}

int av_check(int code, const std::string& file, const char* what, const char* hint) {
  if (code >= 0) return code;
  std::array<char, AV_ERROR_MAX_STRING_SIZE> words{};
  av_strerror(code, words.data(), words.size());
  throw error("{}: {}: {}\nhint: {}", file, what, words.data(), hint);
}

void av_quiet() {
  static std::once_flag once;
  std::call_once(once, [] {
    av_log_set_callback([](void*, int level, const char* format, va_list args) {
      if (level > AV_LOG_WARNING) return;
      std::array<char, 512> line{};
      std::vsnprintf(line.data(), line.size(), format, args);
      std::string text(line.data());
      while (!text.empty() && text.back() == '\n') text.pop_back();
      log::debug("ffmpeg: {}", is_secret(text) ? "(a line with something secret in it)" : text);
    });
  });
}

}  // namespace ombra::media
