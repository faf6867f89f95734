#include "media/read/av_check.hpp"

#include "core/error.hpp"
#include "core/log.hpp"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <mutex>

namespace ombra::media {

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
      log::debug("ffmpeg: {}", text);
    });
  });
}

}  // namespace ombra::media
