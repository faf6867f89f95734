#include "train/manifest.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "train/text.hpp"

#include <vector>

namespace ombra::train {
namespace {

// -> the cells of one line; "a ""quoted"", cell" is one
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells{""};
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      cells.back() += line[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

bool leaves_folder(const std::filesystem::path& relative) {
  const std::filesystem::path normal = relative.lexically_normal();
  return normal.is_absolute() || (!normal.empty() && *normal.begin() == "..");
}

}  // namespace

std::map<std::string, ManifestRow> parse_manifest(std::string_view text, const std::string& origin) {
  Lines lines(text);
  std::string_view line;
  if (!lines.next(line)) return {};
  const std::vector<std::string> titles = cells_of(line);
  const auto column = [&](std::string_view title) {
    for (std::size_t i = 0; i < titles.size(); ++i) {
      if (trim(titles[i]) == title) return i;
    }
    return titles.size();
  };
  const std::size_t clip = column("clip");
  if (clip == titles.size()) throw error("{}:1: no column 'clip'\nhint: name the columns in the first line", origin);
  std::map<std::string, ManifestRow> rows;
  while (lines.next(line)) {
    if (trim(line).empty()) continue;
    const std::vector<std::string> cells = cells_of(line);
    const auto cell = [&](std::string_view title) {
      const std::size_t i = column(title);
      return i < cells.size() ? std::string(trim(cells[i])) : std::string();
    };
    const auto number = [&](std::string_view title, double low, double high) {
      const std::string word = cell(title);
      double value = 0.0;
      if (!word.empty() && (!parse_number(word, value) || !(value >= low && value <= high))) {
        throw error("{}:{}: {} is '{}', expected a number from {} to {}\nhint: leave it empty where it is unknown",
                    origin, lines.number(), title, word, low, high);
      }
      return value;
    };
    const std::filesystem::path soundtrack = cell("soundtrack");
    if (leaves_folder(soundtrack)) {
      throw error("{}:{}: soundtrack '{}' is outside the folder\nhint: give a path from the folder of the manifest",
                  origin, lines.number(), soundtrack.string());
    }
    ManifestRow& row = rows[cell("clip")];
    row = {static_cast<int>(number("dims", 2, 3)),
           static_cast<int>(number("party_score", 0, 3)),
           number("exact_bpm", 20, 400),
           cell("licence"),
           cell("source"),
           soundtrack};
  }
  return rows;
}

void add_manifest(MotionClip& clip, const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "manifest.csv";
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return;
  const std::map<std::string, ManifestRow> rows = parse_manifest(read_text(path), path.string());
  const auto found = rows.find(clip.name);
  if (found == rows.end()) return;
  const ManifestRow& row = found->second;
  if (row.dims != 0) clip.dims = row.dims;
  clip.party_score = row.party_score;
  clip.exact_bpm = row.exact_bpm;
  clip.licence = row.licence;
  clip.source = row.source;
  if (row.soundtrack.empty()) return;
  clip.soundtrack = folder / row.soundtrack;
  std::error_code code;
  const std::filesystem::path base = std::filesystem::weakly_canonical(folder.empty() ? "." : folder, code),
                              sound = std::filesystem::weakly_canonical(clip.soundtrack, code);
  if (code || leaves_folder(sound.lexically_relative(base))) {
    throw error("{}: soundtrack '{}' of {} leads out of the folder\nhint: put the sound itself there", path.string(),
                row.soundtrack.string(), clip.name);
  }
}

}  // namespace ombra::train
