#pragma once
// One logger for the program (spdlog, to stderr). Never called from the audio callback.
// Thread: any.

#include <spdlog/spdlog.h>

#include <string>

namespace ombra {

namespace log = spdlog;

// level: trace, debug, info, warn, error or off; throws UsageError on any other word.
void set_log_level(const std::string& level);

}  // namespace ombra
