#pragma once
// What is said of clips in a table of its own (--clips), beside or against the manifests in their folders: columns as
// those have them (footage/motion/manifest.hpp). Of videos style, party_score, licence and source count.
// Thread: any, once constructed.

#include "footage/data/data_set.hpp"
#include "footage/motion/manifest.hpp"

#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace ombra::train {

class ClipTable {
 public:
  // Empty path: an empty table. Throws Error with file and line, UsageError when the file does not exist.
  explicit ClipTable(const std::filesystem::path& path);

  // -> what is said of a clip (a file without folder and extension); null: nothing
  const ManifestRow* row(const std::string& clip) const;
  // Adds it to a clip of a video of that name.
  void describe(const std::string& video, DataClip& clip) const;
  // Rows of clips that are not there do nothing: says which, once.
  void warn_of_others(const std::set<std::string>& clips) const;

 private:
  const std::filesystem::path path_;
  std::map<std::string, ManifestRow> rows_;
};

}  // namespace ombra::train
