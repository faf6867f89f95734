#include "core/outputs.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <string>

namespace ombra {
namespace {

namespace fs = std::filesystem;

// What a file is; where a file was put in the place of another, what it is called.
struct Identity {
  std::uint64_t number;
  dev_t device;
  ino_t inode;
  fs::path name;   // without links
  fs::path given;  // for messages
};

struct List {
  std::mutex mutex;
  std::vector<Identity> entries;
  std::uint64_t next = 1;
};

List& list() {
  static List all;
  return all;
}

// -> regular files only: devices and pipes cannot be destroyed
std::optional<Identity> identity(const fs::path& path) {
  struct stat info {};
  if (path.empty() || ::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  std::error_code ignored;
  return Identity{0, info.st_dev, info.st_ino, fs::weakly_canonical(path, ignored), path};
}

// Does name fit "x_%05d.png"?
bool fits(const std::string& name, const std::string& pattern) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '%' && i + 1 < pattern.size() && pattern[i + 1] != '%') {
      const std::size_t first = at;
      while (at < name.size() && is_digit(name[at])) ++at;
      if (at == first) return false;
      i = pattern.find('d', i);
      if (i == std::string::npos) return false;
      continue;
    }
    if (pattern[i] == '%') ++i;
    if (at >= name.size() || name[at] != pattern[i]) return false;
    ++at;
  }
  return at == name.size();
}

std::string without_escapes(const std::string& pattern) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    text += pattern[i];
    if (pattern[i] == '%' && i + 1 < pattern.size() && pattern[i + 1] == '%') ++i;
  }
  return text;
}

}  // namespace

Inputs::Inputs(const std::vector<fs::path>& paths) {
  for (const fs::path& path : paths) add(path);
}

Inputs::~Inputs() {
  const std::lock_guard lock(list().mutex);
  std::erase_if(list().entries, [this](const Identity& each) {
    return std::find(numbers_.begin(), numbers_.end(), each.number) != numbers_.end();
  });
}

void Inputs::add(const fs::path& path) {
  std::error_code code;
  if (fs::is_directory(path, code)) {
    for (fs::directory_iterator at(path, code), end; !code && at != end; at.increment(code)) {
      std::error_code ignored;
      if (at->is_regular_file(ignored)) add(at->path());
    }
    return;
  }
  std::optional<Identity> file = identity(path);
  if (!file) return;
  const std::lock_guard lock(list().mutex);
  file->number = list().next++;
  numbers_.push_back(file->number);
  list().entries.push_back(std::move(*file));
}

void Inputs::add_with_namesakes(const fs::path& file) {
  add(file);
  std::error_code code;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  for (fs::directory_iterator at(folder, code), end; !code && at != end; at.increment(code)) {
    std::error_code ignored;
    if (at->path().stem() == file.stem() && at->is_regular_file(ignored)) add(at->path());
  }
}

void claim(const fs::path& output) {
  const std::optional<Identity> file = identity(output);
  if (!file) return;
  const std::lock_guard lock(list().mutex);
  for (const Identity& each : list().entries) {
    const bool same = (each.device == file->device && each.inode == file->inode) || each.name == file->name;
    if (!same) continue;
    throw UsageError(fmt::format("{}: is read as an input{}, writing there would destroy it\nhint: choose another name",
                                 output.string(),
                                 each.given == output ? std::string() : fmt::format(" ({})", each.given.string())));
  }
}

void claim_numbered(const fs::path& pattern) {
  for (const fs::path& file : numbered_files(pattern)) claim(file);
}

std::vector<fs::path> numbered_files(const fs::path& pattern) {
  std::vector<fs::path> files;
  const std::string folder = without_escapes(pattern.parent_path().string());
  std::error_code code;
  for (fs::directory_iterator at(folder.empty() ? "." : folder, code), end; !code && at != end; at.increment(code)) {
    if (fits(at->path().filename().string(), pattern.filename().string())) files.push_back(at->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace ombra
