#pragma once
// No output may be an input. Whoever reads a file while this program writes others says so with an Inputs; every writer
// asks claim() before it touches a name, and again before a finished file takes its place. Files are told apart by what
// they are (device and inode), so links of both kinds, "./x", ".." and names that differ in case where the file system
// does not care are the same file. The list is one for the process, as files are. Thread: any.

#include <cstdint>
#include <filesystem>
#include <vector>

namespace ombra {

// While it lives, these files are read and may not be written over.
class Inputs {
 public:
  Inputs() = default;
  explicit Inputs(const std::vector<std::filesystem::path>& paths);
  ~Inputs();
  Inputs(const Inputs&) = delete;
  Inputs& operator=(const Inputs&) = delete;

  // A file, or the files that lie directly in a folder. "" and what does not exist count for nothing.
  void add(const std::filesystem::path& path);
  // A file and those beside it that have its name with other endings (the sound of a motion).
  void add_with_namesakes(const std::filesystem::path& file);

 private:
  std::vector<std::uint64_t> numbers_;  // of the list's entries
};

// Throws UsageError where writing to output would change or replace a file that is read now.
void claim(const std::filesystem::path& output);
// The same for numbered pictures: pattern with one %d or %06d in its last part; all files that fit it are looked at.
void claim_numbered(const std::filesystem::path& pattern);

// -> the files that exist whose names fit a pattern with one %d or %06d in its last part (there %% is no number, but %)
std::vector<std::filesystem::path> numbered_files(const std::filesystem::path& pattern);

}  // namespace ombra
