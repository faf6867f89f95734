#include "train/curves.hpp"

#include "core/file.hpp"
#include "core/number.hpp"
#include "drawing/canvas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace ombra::train {

void Curves::add(std::int64_t step, const std::string& name, double value) { series_[name].push_back({step, value}); }

std::string Curves::csv() const {
  std::string text = "step,name,value\n";
  for (const auto& [name, points] : series_) {
    const std::string cell = name.find(',') == std::string::npos ? name : "\"" + name + "\"";
    for (const Point& p : points) text += fmt::format("{},{},{:.6g}\n", p.step, cell, p.value);
  }
  return text;
}

Curves Curves::parse(const std::string& csv) {
  Curves curves;
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) {
    const auto first = line.find(','), second = line.rfind(',');  // a name may hold commas of its own
    if (first == second) continue;
    const std::string_view text = line;
    const auto step = parse_integer(text.substr(0, first));
    const auto value = parse_number(text.substr(second + 1));
    if (!step || !value) continue;  // the heading, or a line that somebody edited
    std::string name = line.substr(first + 1, second - first - 1);
    std::erase(name, '"');
    curves.add(*step, name, *value);
  }
  return curves;
}

void Curves::write(const std::filesystem::path& folder, const std::string& title) const {
  write_atomically(folder / (title + ".csv"), csv());
  if (series_.empty()) return;
  constexpr int kWide = 640, kHigh = 200, kMargin = 28;
  Canvas canvas(kWide, kHigh * static_cast<int>(series_.size()), {250, 249, 246});
  int top = 0;
  for (const auto& [name, points] : series_) {
    double low = 1e300, high = -1e300;
    std::int64_t last = 1;
    for (const Point& p : points) {
      if (!std::isfinite(p.value)) continue;
      low = std::min(low, p.value), high = std::max(high, p.value), last = std::max(last, p.step);
    }
    if (low > high) low = high = 0.0;
    if (high - low < 1e-12) high = low + 1e-12;
    const auto x = [&](std::int64_t step) {
      return kMargin + static_cast<double>(step) / static_cast<double>(last) * (kWide - 2 * kMargin);
    };
    const auto y = [&](double v) { return top + kHigh - kMargin - (v - low) / (high - low) * (kHigh - 2 * kMargin); };
    canvas.line(kMargin, y(low), kWide - kMargin, y(low), {200, 196, 188});
    canvas.line(kMargin, y(high), kWide - kMargin, y(high), {226, 222, 214});
    canvas.text(kMargin, top + 8,
                fmt::format("{}: {}   {:.4g} to {:.4g}, last {:.4g}", title, name, low, high, points.back().value),
                {40, 40, 44});
    canvas.text(kWide - 120, top + kHigh - kMargin + 8, fmt::format("step {}", last), {120, 118, 112});
    for (std::size_t i = 1; i < points.size(); ++i) {
      canvas.line(x(points[i - 1].step), y(points[i - 1].value), x(points[i].step), y(points[i].value), {196, 84, 40});
    }
    top += kHigh;
  }
  canvas.write(folder / (title + ".png"));
}

}  // namespace ombra::train
