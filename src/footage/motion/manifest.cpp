#include "footage/motion/manifest.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"
#include "footage/motion/text.hpp"

#include <algorithm>
#include <vector>

namespace ombra::train {
namespace {

// Spreadsheets of countries that write 1,5 put semicolons between cells, some people tabs: whichever the titles have
// most.
char separator_of(std::string_view titles) {
  char best = ',';
  for (const char c : {';', '\t'}) {
    if (std::count(titles.begin(), titles.end(), c) > std::count(titles.begin(), titles.end(), best)) best = c;
  }
  return best;
}

// -> the cells of one line; "a ""quoted"", cell" is one
std::vector<std::string> cells_of(std::string_view line, char separator) {
  std::vector<std::string> cells{""};
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      cells.back() += line[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == separator && !quoted) {
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
  Lines lines(plain_text(text, origin));
  std::string_view line;
  const auto next = [&] {  // the next line that is neither empty nor a comment
    while (lines.next(line)) {
      if (!trim(line).empty() && trim(line).front() != '#') return true;
    }
    return false;
  };
  if (!next()) return {};
  const char separator = separator_of(line);
  const std::vector<std::string> titles = cells_of(line, separator);
  const auto column = [&](std::string_view title) {
    for (std::size_t i = 0; i < titles.size(); ++i) {
      if (same_word(trim(titles[i]), title)) return i;
    }
    return titles.size();
  };
  const std::size_t clip = column("clip");
  if (clip == titles.size()) {
    throw error("{}:{}: no column 'clip'\nhint: name the columns in the first line", origin, lines.number());
  }
  std::map<std::string, ManifestRow> rows;
  while (next()) {
    const std::vector<std::string> cells = cells_of(line, separator);
    const auto cell = [&](std::string_view title) {
      const std::size_t i = column(title);
      return i < cells.size() ? std::string(trim(cells[i])) : std::string();
    };
    const auto number = [&](std::string_view title, double low, double high) {
      const std::string word = cell(title);
      double value = 0.0;
      if (!word.empty() && (!parse_number(word, value) || !(value >= low && value <= high))) {
        throw error("{}:{}: {} is '{}', expected a number from {} to {}\nhint: {}", origin, lines.number(), title, word,
                    low, high,
                    word.find(',') == std::string::npos ? "leave it empty where it is unknown" : number_hint(word));
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
