#include "core/log.hpp"

#include "core/error.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>

namespace ombra {

void set_log_level(const std::string& level) {
  static const bool once = [] {
    spdlog::set_default_logger(spdlog::stderr_color_mt("ombra"));
    spdlog::set_pattern("%^%l%$: %v");
    return true;
  }();
  static_cast<void>(once);
  for (const char* known : {"trace", "debug", "info", "warn", "error", "off"}) {
    if (level == known) return spdlog::set_level(spdlog::level::from_str(level));
  }
  throw UsageError(fmt::format("--log-level {}: not a level\nhint: trace, debug, info, warn, error or off", level));
}

}  // namespace ombra
