#include "cli/measure/confidence_plot.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace ombra::cli {
namespace {

constexpr double kSide = 360.0, kLeft = 52.0, kTop = 16.0, kBelow = 44.0, kNames = 150.0;  // pixels
constexpr double kFewest = 20.0;  // beats of which a share says something
constexpr std::array kColours = {"#1f6f8b", "#c8553d", "#588b3b", "#7d4f9e", "#b58900"};

double x_of(double confidence) { return kLeft + kSide * confidence; }
double y_of(double share) { return kTop + kSide * (1.0 - share); }

std::string text(double x, double y, const char* anchor, const std::string& words) {
  return fmt::format("<text x='{:.1f}' y='{:.1f}' text-anchor='{}'>{}</text>\n", x, y, anchor, words);
}

std::string axes() {
  std::string out = fmt::format(
      "<path d='M{0:.1f} {1:.1f}V{2:.1f}H{3:.1f}' fill='none' stroke='#444'/>\n"
      "<path d='M{0:.1f} {2:.1f}L{3:.1f} {1:.1f}' stroke='#bbb' stroke-dasharray='4 4'/>\n",
      x_of(0.0), y_of(1.0), y_of(0.0), x_of(1.0));
  for (int tick = 0; tick <= 10; tick += 2) {
    const std::string label = fmt::format("{:.1f}", 0.1 * tick);
    out += text(x_of(0.1 * tick), y_of(0.0) + 16.0, "middle", label);
    out += text(x_of(0.0) - 6.0, y_of(0.1 * tick) + 4.0, "end", label);
  }
  out += text(x_of(0.5), y_of(0.0) + 36.0, "middle", "confidence of a beat that is given out");
  return out + fmt::format(
                   "<text transform='translate(14 {:.1f}) rotate(-90)' text-anchor='middle'>share that is met"
                   "</text>\n",
                   y_of(0.5));
}

// A line over the tenths, with a dot whose area says how many of the beats it stands for.
std::string curve(const audio::Calibration& c, const char* colour) {
  double all = 0.0;
  for (const double beats : c.beats) all += beats;
  std::string line, dots;
  for (std::size_t i = 0; i < audio::Calibration::kBins; ++i) {
    if (c.beats[i] < kFewest) continue;
    const double x = x_of(c.confidence[i] / c.beats[i]), y = y_of(c.met[i] / c.beats[i]);
    line += fmt::format("{}{:.1f} {:.1f}", line.empty() ? "M" : "L", x, y);
    dots += fmt::format("<circle cx='{:.1f}' cy='{:.1f}' r='{:.1f}' fill='{}'/>\n", x, y,
                        2.0 + 8.0 * std::sqrt(c.beats[i] / all), colour);
  }
  return fmt::format("<path d='{}' fill='none' stroke='{}' stroke-width='1.5'/>\n", line, colour) + dots;
}

}  // namespace

std::string confidence_plot(const std::map<std::string, audio::Calibration>& sources) {
  const double width = kLeft + kSide + kNames, height = kTop + kSide + kBelow;
  std::string out = fmt::format(
      "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {0:.0f} {1:.0f}' width='{0:.0f}' height='{1:.0f}' "
      "font-family='sans-serif' font-size='12'>\n<rect width='100%' height='100%' fill='white'/>\n",
      width, height);
  out += axes();
  std::size_t at = 0;
  for (const auto& [name, calibration] : sources) {
    const char* colour = kColours[at % kColours.size()];
    const double y = kTop + 20.0 + 18.0 * static_cast<double>(at++);
    out += curve(calibration, colour);
    out += fmt::format("<circle cx='{:.1f}' cy='{:.1f}' r='4' fill='{}'/>\n", x_of(1.0) + 18.0, y - 4.0, colour);
    out += text(x_of(1.0) + 28.0, y, "start", name.empty() ? "all" : name);
  }
  return out + "</svg>\n";
}

}  // namespace ombra::cli
