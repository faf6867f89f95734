#include "evaluate/comparison.hpp"

#include "core/progress.hpp"
#include "core/text.hpp"

#include <cmath>

namespace ombra::train {
namespace {

using nlohmann::json;

std::string number(double value, int digits, double factor = 1.0, const char* unit = "") {
  return std::isfinite(value) ? fmt::format("{:.{}f}{}", value * factor, digits, unit) : "-";
}

// Losses lie apart by orders of magnitude.
std::string loss(double value, const std::string& unit) {
  return std::isfinite(value) ? fmt::format("{:.3g}{}{}", value, unit.empty() ? "" : " ", unit) : "-";
}

std::string share(double value, int digits) { return number(value, digits, 100.0, " %"); }

// 1234567 -> 1,234,567
std::string grouped(std::int64_t value) {
  const std::string digits = std::to_string(value);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string joined(const std::vector<std::string>& parts, const char* between) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : between) + part;
  return text.empty() ? "-" : text;
}

std::string trained(const SystemReport& s) {
  double sum = 0.0;
  for (const auto& [network, seconds] : s.trained_s) sum += seconds;
  return s.trained_s.empty() ? "-" : duration_text(sum);
}

std::string steps(const SystemReport& s) {
  std::vector<std::string> parts;
  for (const auto& [network, count] : s.steps) parts.push_back(grouped(std::llround(count)));
  return joined(parts, " / ");
}

// A line of a message, fit for a table's cell
std::string one_line(std::string text) {
  text = first_line(text);
  for (char& c : text) c = c == '|' ? '/' : c;
  return text;
}

std::string networks_row(const SystemReport& s) {
  if (!s.failure.empty())
    return fmt::format("| {} | not judged: {} | - | - | - | - | - | - | - | - | - | - | - |\n", s.name,
                       one_line(s.failure));
  return fmt::format(
      "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", s.name, s.pictures, grouped(s.parameters),
      trained(s), steps(s), share(s.painter.accuracy, 2), loss(s.painter.loss, ""), number(s.painter.iou, 3),
      number(s.painter.edge_px, 2), loss(s.dancer.loss, s.dancer.unit), share(s.dancer.accuracy, 1),
      s.cost ? fmt::format("{:.2f} ({:.2f} to {:.2f})", s.cost->picture_ms, s.cost->lowest_ms, s.cost->highest_ms)
             : "-",
      s.cost ? fmt::format("{:.2f} x {:.3g} / {:.2f}", s.cost->step_ms, s.cost->steps_per_second, s.cost->decode_ms)
             : "-");
}

std::string dance_row(const std::string& name, const std::string& temperature, const NeutralFigures& f,
                      const std::string& jumps) {
  return fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", name, temperature, share(f.frozen, 1),
                     number(f.speed, 2), number(f.frechet, 2), number(f.alignment.on_beat, 3),
                     number(f.alignment.shifted, 3), number(f.alignment.gap(), 3), number(f.nearest, 2), jumps);
}

json as_json(const NeutralFigures& f) {
  return {{"frozen", f.frozen},
          {"speed", f.speed},
          {"frechet", f.frechet},
          {"aligned", f.alignment.on_beat},
          {"shifted", f.alignment.shifted},
          {"nearest", f.nearest}};
}

json as_json(const SystemReport& s) {
  if (!s.failure.empty()) return {{"name", s.name}, {"failure", s.failure}};
  json j = {{"name", s.name},
            {"recipe", s.recipe},
            {"kind", s.kind},
            {"pictures", s.pictures},
            {"parameters", s.parameters},
            {"painter_parameters", s.painter_parameters},
            {"budget_s", s.budget_s},
            {"trained_s", json::object()},
            {"steps", json::object()},
            {"jumps_a_minute", s.jumps_a_minute},
            {"dance", json::array()}};
  for (const auto& [network, seconds] : s.trained_s) j["trained_s"][network] = seconds;
  for (const auto& [network, count] : s.steps) j["steps"][network] = std::llround(count);
  j["painter"] = {{"pictures", s.painter.pictures},
                  {"accuracy", s.painter.accuracy},
                  {"loss", s.painter.loss},
                  {"iou", s.painter.iou},
                  {"edge_px", s.painter.edge_px}};
  j["dancer"] = {{"loss", s.dancer.loss}, {"unit", s.dancer.unit}, {"accuracy", s.dancer.accuracy}};
  for (const DanceReport& d : s.dances) {
    json dance = as_json(d.figures);
    dance["temperature"] = d.temperature;
    dance["finite"] = d.finite;
    j["dance"].push_back(dance);
  }
  if (s.cost) {
    j["cost"] = {{"picture_ms", s.cost->picture_ms},
                 {"lowest_ms", s.cost->lowest_ms},
                 {"highest_ms", s.cost->highest_ms},
                 {"mean_ms", s.cost->mean_ms},
                 {"step_ms", s.cost->step_ms},
                 {"decode_ms", s.cost->decode_ms},
                 {"steps_per_second", s.cost->steps_per_second}};
  }
  return j;
}

}  // namespace

std::string comparison_text(const std::vector<SystemReport>& systems, const NeutralFootage& footage) {
  std::string text =
      "| system | its pictures | parameters | trained | steps | pixel accuracy | loss a pixel | IoU | edge error px | "
      "dancer's loss | dancer's accuracy | ms a picture (rounds) | step ms x steps a second / decode ms |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const SystemReport& s : systems) text += networks_row(s);
  text +=
      "\n| free dance, no guard | temperature | frozen s | speed | Fréchet | on beat | shifted | gap | nearest "
      "training "
      "window | jumps a minute, guarded |\n"
      "|---|---|---|---|---|---|---|---|---|---|\n";
  for (const SystemReport& s : systems) {
    for (const DanceReport& d : s.dances) {
      text += dance_row(d.finite ? s.name : s.name + " (not finite)", number(d.temperature, 1), d.figures,
                        number(s.jumps_a_minute, 1));
    }
  }
  NeutralFigures training = footage.training();
  training.frechet = footage.halves();
  text += dance_row("real dance: training, Fréchet of its halves", "-", training, "-");
  text += dance_row("real dance: held out", "-", footage.held_out(), "-");
  return text;
}

json comparison_json(const std::vector<SystemReport>& systems, const NeutralFootage& footage) {
  json report = {{"real",
                  {{"frechet_halves", footage.halves()},
                   {"training", as_json(footage.training())},
                   {"held_out", as_json(footage.held_out())}}},
                 {"picture_space", {{"parts", PictureSpace::kParts}, {"explained", footage.explained()}}},
                 {"systems", json::array()}};
  for (const SystemReport& s : systems) report["systems"].push_back(as_json(s));
  return report;
}

}  // namespace ombra::train
