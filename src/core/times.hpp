#pragma once
// Lengths and places in time as people write them. Thread: any.

#include <string>

namespace ombra {

// "90", "1:30", "0:01:30.5", "90s", "20min", "1.5h" -> seconds, 0 and more. Throws UsageError.
double parse_time(const std::string& text);

}  // namespace ombra
