#include "train/trc.hpp"

#include "core/error.hpp"
#include "train/joint_names.hpp"
#include "train/text.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace ombra::train {
namespace {

constexpr std::size_t kMaxMarkers = 1000;

double metres_of(std::string_view unit, const std::string& origin) {
  if (unit == "m") return 1.0;
  if (unit == "mm") return 0.001;
  if (unit == "cm") return 0.01;
  if (unit == "in" || unit == "inch" || unit == "inches") return 0.0254;
  throw error("{}:3: unit '{}' is unknown\nhint: m, cm, mm and inches are known", origin, unit);
}

}  // namespace

MotionClip parse_trc(std::string_view text, const std::string& origin) {
  Lines lines(text);
  std::string_view header[5];
  for (std::string_view& line : header) {
    if (!lines.next(line))
      throw error("{}:{}: the file ends in its header\nhint: is it a TRC file?", origin, lines.number());
  }
  if (header[0].substr(0, 12) != "PathFileType") {
    throw error("{}:1: expected 'PathFileType'\nhint: is it a TRC file?", origin);
  }
  const std::vector<std::string_view> rates = split(header[2], '\t');
  MotionClip clip;
  if (rates.size() < 5 || !parse_number(rates[0], clip.fps) || !(clip.fps >= 1.0 && clip.fps <= 1000.0)) {
    throw error("{}:3: expected a data rate of 1 to 1000 a second and four more values\nhint: is it a TRC file?",
                origin);
  }
  const double scale = metres_of(trim(rates[4]), origin);
  const std::vector<std::string_view> cells = split(header[3], '\t');
  std::vector<std::string> names;
  std::vector<std::size_t> columns;
  for (std::size_t i = 2; i < cells.size(); ++i) {
    if (trim(cells[i]).empty()) continue;
    names.emplace_back(trim(cells[i]));
    columns.push_back(i);
  }
  if (names.empty() || names.size() > kMaxMarkers) {
    throw error("{}:4: {} point names, expected 1 to {}\nhint: names are separated by tabs", origin, names.size(),
                kMaxMarkers);
  }
  const std::array<int, kJoints> match = match_joints(names);
  const std::size_t width = 2 + 3 * names.size();
  constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
  std::string_view line;
  while (lines.next(line)) {
    if (trim(line).empty()) continue;
    const std::vector<std::string_view> values = split(line, '\t');
    const bool trailing_tab = values.size() == width + 1 && trim(values.back()).empty();
    if (values.size() != width && !trailing_tab) {
      throw error("{}:{}: {} values for {} points, expected {}\nhint: is the line whole?", origin, lines.number(),
                  values.size(), names.size(), width);
    }
    if (clip.frames.size() == kMaxMotionFrames) {
      throw error("{}:{}: more than {} frames\nhint: cut the file into pieces", origin, lines.number(),
                  kMaxMotionFrames);
    }
    Pose3& pose = clip.frames.emplace_back();
    pose.fill({kMissing, kMissing, kMissing});
    for (std::size_t j = 0; j < kJoints; ++j) {
      if (match[j] < 0) continue;
      float* const to[3] = {&pose[j].x, &pose[j].y, &pose[j].z};
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::string_view cell = trim(values[2 + 3 * static_cast<std::size_t>(match[j]) + axis]);
        double number = 0.0;
        if (cell.empty()) continue;
        if (!parse_number(cell, number)) {
          throw error("{}:{}: '{}' is no number\nhint: leave the cell empty where a point is unknown", origin,
                      lines.number(), cell.substr(0, 40));
        }
        *to[axis] = std::abs(number) < 1e7 ? static_cast<float>(number * scale) : kMissing;
      }
    }
  }
  bool flat = true;
  for (const Pose3& pose : clip.frames) {
    for (const Joint3& joint : pose) flat = flat && (joint.z == 0.0f || std::isnan(joint.z));
  }
  clip.dims = flat ? 2 : 3;
  return clip;
}

}  // namespace ombra::train
