#include "footage/prepare/clip_table.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/log.hpp"

#include <fmt/ranges.h>

#include <vector>

namespace ombra::train {

ClipTable::ClipTable(const std::filesystem::path& path) : path_(path) {
  if (path.empty()) return;
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored))
    throw UsageError(fmt::format("{}: no such file\nhint: a table with a column 'clip' (--clips)", path.string()));
  rows_ = parse_manifest(read_text(path), path.string());
}

const ManifestRow* ClipTable::row(const std::string& clip) const {
  const auto found = rows_.find(clip);
  return found == rows_.end() ? nullptr : &found->second;
}

void ClipTable::describe(const std::string& video, DataClip& clip) const {
  const ManifestRow* said = row(video);
  if (said == nullptr) return;
  if (!said->style.empty()) clip.style = said->style;
  if (!said->licence.empty()) clip.licence = said->licence;
  if (!said->source.empty()) clip.source = said->source;
  if (said->party_score != 0) clip.party_score = said->party_score;
}

void ClipTable::warn_of_others(const std::set<std::string>& clips) const {
  constexpr std::size_t kShown = 6;
  std::vector<std::string> others;
  for (const auto& [clip, said] : rows_) {
    if (!clips.contains(clip)) others.push_back(clip.empty() ? "(no name)" : clip);
  }
  if (others.empty()) return;
  const std::size_t more = others.size() > kShown ? others.size() - kShown : 0;
  others.resize(others.size() - more);
  log::warn("{}: no footage of that name: {}{}", path_.string(), fmt::join(others, ", "),
            more > 0 ? fmt::format(" and {} more", more) : "");
}

}  // namespace ombra::train
