#include "footage/motion/manifest.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"
#include "footage/motion/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

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

// "653-913 1286-1380" -> both
std::optional<std::vector<FrameSpan>> spans_of(std::string_view words) {
  std::vector<FrameSpan> spans;
  while (!(words = trim(words)).empty()) {
    const std::size_t end = std::min(words.find_first_of(" ,;"), words.size()), dash = words.substr(0, end).find('-');
    double first = 0.0, last = 0.0;
    if (dash == std::string_view::npos || !parse_number(words.substr(0, dash), first) ||
        !parse_number(words.substr(dash + 1, end - dash - 1), last) || !(first >= 0.0 && last >= first && last < 1e9))
      return {};
    spans.push_back({static_cast<std::int64_t>(first), static_cast<std::int64_t>(last)});
    words.remove_prefix(std::min(words.find_first_not_of(" ,;", end), words.size()));
  }
  return spans;
}

// -> what a manifest says about a clip, if there is one
std::optional<ManifestRow> row_of(const std::string& clip, const std::filesystem::path& manifest) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(manifest, ignored)) return {};
  std::map<std::string, ManifestRow> rows = parse_manifest(read_text(manifest), manifest.string());
  const auto found = rows.find(clip);
  return found == rows.end() ? std::optional<ManifestRow>() : std::move(found->second);
}

bool lists_frames(const std::filesystem::path& path) {
  return path.filename().string().ends_with("exclude_frames.json");
}

// One line of a manifest: cells by the name of their column. Throws Error with origin:line.
class ManifestLine {
 public:
  ManifestLine(const std::vector<std::string>& titles, std::vector<std::string> cells, std::string where)
      : titles_(titles), cells_(std::move(cells)), where_(std::move(where)) {}

  std::string cell(std::string_view title) const {
    const std::size_t i = column(titles_, title);
    return i < cells_.size() ? std::string(trim(cells_[i])) : std::string();
  }

  ManifestRow row() const {
    return {static_cast<int>(number("dims", 2, 3)),
            static_cast<int>(number("party_score", 0, 3)),
            number("exact_bpm", 20, 400),
            cell("licence"),
            cell("source"),
            cell("style"),
            cell("pair"),
            left_out(),
            soundtrack()};
  }

  static std::size_t column(const std::vector<std::string>& titles, std::string_view title) {
    const auto found = std::ranges::find_if(titles, [&](const std::string& t) { return same_word(trim(t), title); });
    return static_cast<std::size_t>(found - titles.begin());
  }

 private:
  double number(std::string_view title, double low, double high) const {
    const std::string word = cell(title);
    double value = 0.0;
    if (!word.empty() && (!parse_number(word, value) || !(value >= low && value <= high))) {
      throw error("{}: {} is '{}', expected a number from {} to {}\nhint: {}", where_, title, word, low, high,
                  word.find(',') == std::string::npos ? "leave it empty where it is unknown" : number_hint(word));
    }
    return value;
  }

  std::vector<FrameSpan> left_out() const {
    if (const auto spans = spans_of(cell("exclude"))) return *spans;
    throw error("{}: exclude is '{}'\nhint: first and last frames, 653-913 1286-1380", where_, cell("exclude"));
  }

  std::filesystem::path soundtrack() const {
    const std::filesystem::path path = cell("soundtrack");
    if (!leaves_folder(path)) return path;
    throw error("{}: soundtrack '{}' is outside the folder\nhint: give a path from the folder of the manifest", where_,
                path.string());
  }

  const std::vector<std::string>& titles_;
  const std::vector<std::string> cells_;
  const std::string where_;
};

}  // namespace

std::map<std::string, std::vector<FrameSpan>> parse_excluded_frames(std::string_view text, const std::string& origin) {
  std::map<std::string, std::vector<FrameSpan>> clips;
  try {
    const nlohmann::json all = nlohmann::json::parse(text);
    for (const auto& [clip, spans] : all.items()) {
      for (const auto& span : spans) {
        const FrameSpan frames{span.at(0).get<std::int64_t>(), span.at(1).get<std::int64_t>()};
        if (frames.first < 0 || frames.last < frames.first)
          throw error("{}: {} has no frames {} to {}\nhint: first, last, why", origin, clip, frames.first, frames.last);
        clips[clip].push_back(frames);
      }
    }
  } catch (const nlohmann::json::exception& e) {
    throw error("{}: {}\nhint: {{\"clip\": [[first, last, \"why\"], ...]}}", origin, e.what());
  }
  return clips;
}

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
  if (ManifestLine::column(titles, "clip") == titles.size()) {
    throw error("{}:{}: no column 'clip'\nhint: name the columns in the first line", origin, lines.number());
  }
  std::map<std::string, ManifestRow> rows;
  while (next()) {
    const ManifestLine one(titles, cells_of(line, separator), fmt::format("{}:{}", origin, lines.number()));
    rows[one.cell("clip")] = one.row();
  }
  return rows;
}

ManifestRow merged(const ManifestRow& over, ManifestRow under) {
  const auto write = [](const auto& said, auto& to) {
    if (said != std::decay_t<decltype(said)>{}) to = said;
  };
  write(over.dims, under.dims);
  write(over.party_score, under.party_score);
  write(over.exact_bpm, under.exact_bpm);
  write(over.licence, under.licence);
  write(over.source, under.source);
  write(over.style, under.style);
  write(over.pair, under.pair);
  write(over.left_out, under.left_out);
  write(over.soundtrack, under.soundtrack);
  return under;
}

void add_manifest(MotionClip& clip, const std::filesystem::path& folder, const ManifestRow* more) {
  const std::filesystem::path path = folder / "manifest.csv";
  std::optional<ManifestRow> said = row_of(clip.name, path);
  if (more != nullptr) said = merged(*more, said.value_or(ManifestRow{}));
  if (!said) return;
  const ManifestRow& row = *said;
  if (row.dims != 0) clip.dims = row.dims;
  clip.party_score = row.party_score;
  clip.exact_bpm = row.exact_bpm;
  clip.licence = row.licence;
  clip.source = row.source;
  clip.style = row.style;
  clip.pair = row.pair;
  clip.left_out = row.left_out;
  std::error_code none;
  for (std::filesystem::directory_iterator at(folder.empty() ? "." : folder, none), end; !none && at != end;
       at.increment(none)) {
    if (!lists_frames(at->path())) continue;
    const auto clips = parse_excluded_frames(read_text(at->path()), at->path().string());
    if (const auto its = clips.find(clip.name); its != clips.end())
      clip.left_out.insert(clip.left_out.end(), its->second.begin(), its->second.end());
  }
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
