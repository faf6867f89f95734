#include "footage/motion/trc.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "footage/motion/joint_names.hpp"
#include "footage/motion/text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace ombra::train {
namespace {

constexpr std::size_t kMaxMarkers = 1000;
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

struct Place {
  const std::string& origin;
  std::size_t line;
};

double metres_of(std::string_view unit, Place at) {
  struct Unit {
    std::string_view name;
    double metres;
  };
  constexpr Unit kUnits[] = {{"m", 1.0},     {"meters", 1.0},        {"metres", 1.0},        {"mm", 0.001},
                             {"cm", 0.01},   {"millimeters", 0.001}, {"millimetres", 0.001}, {"centimeters", 0.01},
                             {"in", 0.0254}, {"centimetres", 0.01},  {"inch", 0.0254},       {"inches", 0.0254},
                             {"ft", 0.3048}, {"feet", 0.3048}};
  for (const Unit& known : kUnits) {
    if (same_word(unit, known.name)) return known.metres;
  }
  throw error("{}:{}: unit '{}' is unknown\nhint: m, cm, mm and inches are known", at.origin, at.line,
              unit.substr(0, 40));
}

bool has_tabs(std::string_view line) { return line.find('\t') != std::string_view::npos; }

// -> the cells of a line: between tabs where it has any (cells may be empty then, and names hold blanks), else the
// words
std::vector<std::string_view> cells_of(std::string_view line) {
  if (has_tabs(line)) {
    std::vector<std::string_view> cells = split(line, '\t');
    for (std::string_view& cell : cells) cell = trim(cell);
    return cells;
  }
  std::vector<std::string_view> cells;
  for (line = trim(line); !line.empty(); line = trim(line)) {
    const std::size_t end = std::min(line.find_first_of(" \v\f"), line.size());
    cells.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return cells;
}

bool is_comment(std::string_view line) { return line.starts_with('#') || line.starts_with("//"); }

// Words for a value that is not known, besides nan and an empty cell.
bool is_unknown(std::string_view cell) {
  for (const std::string_view word : {"na", "n/a", "null", "none", "-", "1.#qnan", "-1.#ind", "-1.#qnan", "1.#ind"}) {
    if (same_word(cell, word)) return true;
  }
  return cell.empty();
}

// Which three cells behind frame and time belong to which name.
struct Columns {
  std::vector<std::string> names;
  std::vector<std::size_t> points;  // of each name: its place among the points of a row, from 0
  std::size_t count = 0;            // points of a row, those without a name included
};

// told: how many points the header speaks of; 0: it does not say
Columns columns_of(std::string_view line, std::size_t told, Place at) {
  Columns columns;
  const std::vector<std::string_view> cells = cells_of(line);
  std::vector<std::size_t> places;
  for (std::size_t i = 2; i < cells.size(); ++i) {
    if (cells[i].empty()) continue;
    columns.names.emplace_back(cells[i]);
    places.push_back(i - 2);
  }
  const std::size_t count = columns.names.size();
  if (count == 0 || count > kMaxMarkers) {
    throw error("{}:{}: {} point names, expected 1 to {}\nhint: names are separated by tabs", at.origin, at.line, count,
                kMaxMarkers);
  }
  const bool thirds = std::all_of(places.begin(), places.end(), [](std::size_t place) { return place % 3 == 0; });
  const bool dense = places.back() + 1 == count;
  if (has_tabs(line) && thirds && (!dense || count == 1)) {  // each above its three columns
    for (const std::size_t place : places) columns.points.push_back(place / 3);
  } else if (dense && (has_tabs(line) || told == 0 || told == count)) {
    for (const std::size_t place : places) columns.points.push_back(place);
  } else {  // a name that holds a blank, or one that is missing: which, nobody knows
    throw error(
        "{}:{}: the names do not stand above their columns: {} names for {} points\nhint: two tabs between names",
        at.origin, at.line, count, told);
  }
  columns.count = columns.points.back() + 1;
  if (told > columns.count && told <= kMaxMarkers) columns.count = told;
  return columns;
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& origin) : lines_(plain_text(text, origin)), origin_(origin) {}

  MotionClip read() {
    std::string_view line = header_line();
    if (!same_word(line.substr(0, 12), "pathfiletype"))
      throw error("{}:{}: expected 'PathFileType'\nhint: is it a TRC file?", origin_, lines_.number());
    const std::vector<std::string_view> titles = cells_of(header_line());
    const std::size_t told = read_rates(titles, cells_of(header_line()));
    const std::string_view names = header_line();
    columns_ = columns_of(names, told, here());
    match_ = match_joints(columns_.names);
    clip_.unused_names = unused_names(columns_.names, match_);
    bool labels = true;  // "X1 Y1 Z1 ..." may stand in the line after the names
    while (lines_.next(line)) {
      if (trim(line).empty() || is_comment(line)) continue;
      const std::vector<std::string_view> cells = cells_of(line);
      double number = 0.0;
      const auto first = std::find_if(cells.begin(), cells.end(), [](std::string_view c) { return !c.empty(); });
      if (labels && first != cells.end() && !parse_number(*first, number)) {
        labels = false;
        continue;
      }
      labels = false;
      read_row(cells, has_tabs(line));
    }
    bool flat = true;
    for (const Pose3& pose : clip_.frames) {
      for (const Joint3& joint : pose) flat = flat && (joint.z == 0.0f || std::isnan(joint.z));
    }
    clip_.dims = flat ? 2 : 3;
    return std::move(clip_);
  }

 private:
  Place here() const { return {origin_, lines_.number()}; }

  // -> the next line that is neither empty nor a comment
  std::string_view header_line() {
    std::string_view line;
    do {
      if (!lines_.next(line))
        throw error("{}:{}: the file ends in its header\nhint: is it a TRC file?", origin_, lines_.number());
    } while (trim(line).empty() || is_comment(line));
    return line;
  }

  // -> the number of points that the header speaks of, 0 where it does not. Values stand under their titles.
  std::size_t read_rates(const std::vector<std::string_view>& titles, const std::vector<std::string_view>& values) {
    const auto value = [&](std::string_view title, std::size_t usual) {
      const auto at =
          std::find_if(titles.begin(), titles.end(), [&](std::string_view t) { return same_word(t, title); });
      const std::size_t i = at == titles.end() ? usual : static_cast<std::size_t>(at - titles.begin());
      return i < values.size() ? values[i] : std::string_view();
    };
    const std::string_view rate = value("datarate", 0);
    if (values.size() < 5 || !parse_number(rate, clip_.fps) || !(clip_.fps >= 1.0 && clip_.fps <= 1000.0)) {
      throw error("{}:{}: expected a data rate of 1 to 1000 a second and four more values\nhint: {}", origin_,
                  lines_.number(), rate.find(',') == std::string_view::npos ? "is it a TRC file?" : number_hint(rate));
    }
    scale_ = metres_of(value("units", 4), here());
    double told = 0.0;
    const bool known = parse_number(value("nummarkers", 3), told) && told >= 1.0 && told <= double(kMaxMarkers);
    return known ? static_cast<std::size_t>(told) : 0;
  }

  // Does every value stand where it should? Values behind the last name belong to points without one. Cells that are
  // missing at the end are unknown; but where a row stops in the middle of a point, or is written in words, nobody
  // knows which are missing.
  bool fits(std::vector<std::string_view>& cells, bool tabs) const {
    const std::size_t named = 2 + 3 * (columns_.points.back() + 1);
    if (!tabs) return cells.size() == 2 + 3 * columns_.count;
    const auto whole_points = [&] { return cells.size() >= 2 && (cells.size() - 2) % 3 == 0; };
    while (cells.size() > named && cells.back().empty()) cells.pop_back();  // lines end in any number of tabs
    if (cells.size() >= named) return whole_points();
    if (!lines_.ended()) return false;
    while (!whole_points() && !cells.empty() && cells.back().empty()) cells.pop_back();
    return whole_points();
  }

  void read_row(std::vector<std::string_view> cells, bool tabs) {
    const std::size_t values = cells.size();
    if (!fits(cells, tabs)) {
      throw error("{}:{}: {} values for {} points, expected {}\nhint: is the line whole?", origin_, lines_.number(),
                  values, columns_.count, 2 + 3 * columns_.count);
    }
    if (clip_.frames.size() == kMaxMotionFrames) {
      throw error("{}:{}: more than {} frames\nhint: cut the file into pieces", origin_, lines_.number(),
                  kMaxMotionFrames);
    }
    Pose3& pose = clip_.frames.emplace_back();
    pose.fill({kMissing, kMissing, kMissing});
    for (std::size_t j = 0; j < kJoints; ++j) {
      if (match_[j] < 0) continue;
      const std::size_t at = 2 + 3 * columns_.points[static_cast<std::size_t>(match_[j])];
      if (at + 2 < cells.size()) pose[j] = {value(cells[at]), value(cells[at + 1]), value(cells[at + 2])};
    }
  }

  float value(std::string_view cell) const {
    double number = 0.0;
    if (is_unknown(cell)) return kMissing;
    if (!parse_number(cell, number)) {
      const bool odd = std::string_view(number_hint(cell)) == number_hint("");
      throw error("{}:{}: '{}' is not a number\nhint: {}", origin_, lines_.number(), cell.substr(0, 40),
                  odd ? "leave the cell empty where a point is unknown" : number_hint(cell));
    }
    return std::abs(number) < 1e7 ? static_cast<float>(number * scale_) : kMissing;
  }

  Lines lines_;
  const std::string& origin_;
  double scale_ = 1.0;
  Columns columns_;
  std::array<int, kJoints> match_{};
  MotionClip clip_;
};

}  // namespace

MotionClip parse_trc(std::string_view text, const std::string& origin) { return Reader(text, origin).read(); }

}  // namespace ombra::train
