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

constexpr std::size_t kMostSecrets = 1000, kShortestSecret = 3;  // what is shorter stands in every line
constexpr std::size_t kLongestLine = 2000;                       // of the log

struct Secrets {
  std::mutex mutex;
  std::vector<std::string> words;
};
Secrets& secrets() {
  static auto* kept = new Secrets;  // threads of FFmpeg may log until the very end
  return *kept;
}

// -> the line with dots for all that is secret in it
std::string without_secrets(const std::string& line) {
  std::vector<bool> hidden(line.size());
  {
    Secrets& s = secrets();
    const std::lock_guard lock(s.mutex);
    for (const std::string& word : s.words) {
      for (std::size_t at = line.find(word); at != std::string::npos; at = line.find(word, at + 1)) {
        std::fill_n(hidden.begin() + static_cast<std::ptrdiff_t>(at), word.size(), true);
      }
    }
  }
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (!hidden[i]) {
      out += line[i];
    } else if (i == 0 || !hidden[i - 1]) {
      out += "...";
    }
  }
  return out;
}

// -> as printf writes it, whole: half a secret would not be found
std::string written(const char* format, va_list args) {
  va_list again;
  va_copy(again, args);
  const int bytes = std::vsnprintf(nullptr, 0, format, args);
  std::string line(static_cast<std::size_t>(std::max(bytes, 0)) + 1, '\0');
  std::vsnprintf(line.data(), line.size(), format, again);
  va_end(again);
  line.pop_back();  // the zero
  while (!line.empty() && line.back() == '\n') line.pop_back();
  return line;
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
      if (level > AV_LOG_WARNING || !log::should_log(log::level::debug)) return;
      const std::string line = without_secrets(written(format, args));
      log::debug("ffmpeg: {}", line.substr(0, kLongestLine));
    });
  });
}

}  // namespace ombra::media
