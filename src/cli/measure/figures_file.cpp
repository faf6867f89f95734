#include "cli/measure/figures_file.hpp"

#include "core/error.hpp"
#include "core/file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace ombra::cli {
namespace {

// -> 2 of "## Latency", 3 of "### Networks"; 0: no heading, or the title
std::size_t heading_level(const std::string& line) {
  const std::size_t marks = line.find_first_not_of('#');
  return marks != std::string::npos && marks >= 2 && line[marks] == ' ' ? marks : 0;
}

std::string without_blank_ends(const std::string& text) {
  const std::size_t first = text.find_first_not_of('\n');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of('\n') + 1 - first);
}

std::string joined(const std::vector<std::string>& blocks) {
  std::string text;
  for (const std::string& each : blocks) {
    const std::string block = without_blank_ends(each);
    if (!block.empty()) text += (text.empty() ? "" : "\n") + block + "\n";
  }
  return text;
}

}  // namespace

FiguresFile::FiguresFile(const std::string& text, std::vector<std::string> order) : order_(std::move(order)) {
  sections_.emplace_back();
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (heading_level(line) > 0)
      sections_.push_back({line, ""});
    else
      sections_.back().body += line + "\n";
  }
}

std::size_t FiguresFile::find(const std::string& heading) const {
  const auto at =
      std::find_if(sections_.begin(), sections_.end(), [&](const Section& each) { return each.heading == heading; });
  return static_cast<std::size_t>(at - sections_.begin());
}

// Behind the nearest of those that come before it in the order and what stands below that one; without any, first.
std::size_t FiguresFile::place_of(const std::string& heading) const {
  std::size_t before = 0;  // the head
  for (const std::string& each : order_) {
    if (each == heading) break;
    if (has(each)) before = find(each);
  }
  std::size_t place = before + 1;
  const auto is_below = [&](const Section& each) { return heading_level(each.heading) > heading_level(heading); };
  while (before > 0 && place < sections_.size() && is_below(sections_[place])) ++place;
  return place;
}

void FiguresFile::set_head(const std::vector<std::string>& blocks) { sections_.front().body = joined(blocks); }

void FiguresFile::set(const std::string& heading, const std::vector<std::string>& blocks) {
  const std::string body = joined(blocks);
  const std::size_t found = find(heading);
  if (found == sections_.size()) {
    sections_.insert(sections_.begin() + static_cast<std::ptrdiff_t>(place_of(heading)), {heading, body});
    return;
  }
  sections_[found].body = body;
  const auto below = sections_.begin() + static_cast<std::ptrdiff_t>(found) + 1;
  const auto end = std::find_if(below, sections_.end(), [&](const Section& each) {
    return heading_level(each.heading) <= heading_level(heading);
  });
  const auto kept = std::stable_partition(below, end, [&](const Section& each) {
    return std::find(order_.begin(), order_.end(), each.heading) != order_.end();
  });
  sections_.erase(kept, end);
}

std::string FiguresFile::text() const {
  std::vector<std::string> blocks;
  for (const Section& each : sections_) {
    blocks.push_back(each.heading);
    blocks.push_back(each.body);
  }
  return joined(blocks);
}

std::string paragraph(const std::string& text) {
  constexpr std::size_t kLongest = 127;
  std::string lines;
  std::size_t length = 0;
  std::istringstream in(text);
  for (std::string word; in >> word; length += word.size()) {
    const bool fits = length + 1 + word.size() <= kLongest;
    if (!lines.empty()) lines += fits ? ' ' : '\n';
    length = lines.empty() || !fits ? 0 : length + 1;
    lines += word;
  }
  return lines;
}

std::string read_figures(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return "";
  std::string text = read_text(file);
  if (!text.empty() && text.rfind(kFiguresTitle, 0) != 0) {
    throw UsageError(fmt::format("{}: does not begin with \"{}\", so it is not written over\nhint: choose another name",
                                 file.string(), kFiguresTitle));
  }
  return text;
}

}  // namespace ombra::cli
