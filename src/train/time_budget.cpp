#include "train/time_budget.hpp"

#include "core/file.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

namespace ombra::train {
namespace {

// A file that says nothing counts as none: the run then begins with all of its time.
double kept_in(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return 0.0;
  const std::string text = read_text(file, 64);
  double seconds = 0.0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  return read.ec == std::errc{} && std::isfinite(seconds) ? std::max(0.0, seconds) : 0.0;
}

}  // namespace

TimeBudget::TimeBudget(double seconds, std::filesystem::path file, Clock clock)
    : seconds_(seconds),
      file_(std::move(file)),
      clock_(std::move(clock)),
      begun_s_(clock_()),
      before_s_(limited() ? kept_in(file_) : 0.0) {}

double TimeBudget::until(double share) const {
  return limited() ? share * seconds_ - spent_s() : std::numeric_limits<double>::infinity();
}

void TimeBudget::keep() const {
  if (limited()) write_atomically(file_, fmt::format("{:.2f}\n", spent_s()));
}

}  // namespace ombra::train
