#pragma once
// The Markdown file of `ombra bench --write`: a head, then sections under headings, of which one is replaced while the
// others stay as they are. A section ends at the next heading of its level or a higher one. Thread: one owner.

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace ombra::cli {

class FiguresFile {
 public:
  // text: what there is, "" for a new file; order: headings ("## Latency", "### Networks") as they follow each other
  FiguresFile(const std::string& text, std::vector<std::string> order);

  bool has(const std::string& heading) const { return find(heading) < sections_.size(); }
  // What stands before the first heading.
  void set_head(const std::vector<std::string>& blocks);
  // What stands under a heading of the order, which is added in its place where it is missing. Smaller headings below
  // it stay when they are in the order. blocks: paragraphs and tables
  void set(const std::string& heading, const std::vector<std::string>& blocks);
  std::string text() const;

 private:
  struct Section {
    std::string heading;  // the whole line; "" of the head
    std::string body;
  };
  std::size_t find(const std::string& heading) const;  // sections_.size(): it is not there
  std::size_t place_of(const std::string& heading) const;

  std::vector<std::string> order_;
  std::vector<Section> sections_;  // the head and after it each heading, of whatever level
};

// -> the text in lines no longer than those of the other documents
std::string paragraph(const std::string& text);

// -> the text of the file of figures, "" where there is none. Throws UsageError when it is a file of another kind.
std::string read_figures(const std::filesystem::path& file);
inline constexpr const char* kFiguresTitle = "# Measured figures";

}  // namespace ombra::cli
