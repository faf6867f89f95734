#include "core/times.hpp"

#include "core/error.hpp"

#include <charconv>
#include <string_view>

namespace ombra {
namespace {

constexpr double kMax = 1e6;  // of one number

// The number at the beginning of text, which is taken away. -> is there one, within bounds?
bool take_number(std::string_view& text, double& value) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || !(value >= 0.0 && value < kMax)) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

double unit_s(std::string_view unit) {
  if (unit == "h") return 3600.0;
  if (unit == "min" || unit == "m") return 60.0;
  return unit == "s" || unit.empty() ? 1.0 : 0.0;
}

}  // namespace

double parse_time(const std::string& text) {
  std::string_view rest = text;
  double seconds = 0.0, value = 0.0;
  bool good = take_number(rest, seconds);
  if (good && rest.starts_with(':')) {
    for (int colons = 0; good && rest.starts_with(':'); ++colons) {
      rest.remove_prefix(1);
      good = colons < 2 && take_number(rest, value) && value < 60.0;
      seconds = 60.0 * seconds + value;
    }
    good = good && rest.empty();
  } else if (good) {
    const double unit = unit_s(rest);
    good = unit > 0.0;
    seconds *= unit;
  }
  if (!good) {
    throw UsageError(fmt::format(
        "'{}' is not a time\nhint: seconds, or minutes:seconds, or hours:minutes:seconds as in 1:02:30", text));
  }
  return seconds;
}

}  // namespace ombra
