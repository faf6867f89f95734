#pragma once
// A file that appears under its name whole or not at all, and what was there before, kept until that is so.
// Thread: one owner.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace ombra {

// Written beside its place, in the same folder, under a name that nobody has; then renamed. A link is followed: what it
// points to is replaced. What is no regular file (/dev/null, /dev/stdout, a pipe) is written to directly.
class NewFile {
 public:
  // Makes the unfinished file. Throws UsageError when path is an input (core/outputs.hpp), Error when the folder does
  // not exist or cannot be written.
  explicit NewFile(const std::filesystem::path& path);
  // Without commit() nothing is left, and what was there before is as it was. A second Ctrl-C tidies up as well.
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  // -> where to write
  const std::filesystem::path& part() const { return part_; }
  bool direct() const { return slot_ < 0; }  // no regular file: part() is opened to append
  // It is complete: written to the disk, and then in its place. Throws Error; then nothing is left.
  void commit();

 private:
  void drop() noexcept;

  const std::filesystem::path path_;  // as it was given, for messages
  std::filesystem::path target_, part_;
  int slot_ = -1;  // in the list of what the second Ctrl-C removes; under 0: direct
  bool open_ = true;
};

// Removes every unfinished file of the process. Signal-safe: for a signal that ends the program at once.
void remove_unfinished() noexcept;

// What a recording replaces. A recording is written under its own name from the first second on, so that it plays
// whatever happens; so what had that name is first moved aside and goes only when the new one is complete. Whenever the
// program dies, the old one or both are there.
class SetAside {
 public:
  // path: a file; or numbered pictures, a pattern as in core/outputs.hpp, which are moved into a folder. Throws
  // UsageError when it is an input, Error when it cannot be moved. Nothing there: nothing happens.
  explicit SetAside(const std::filesystem::path& path, bool numbered = false);
  // The new one is complete: the old one goes.
  void forget() noexcept;
  // There is no new one: the old one is put back.
  void restore() noexcept;
  // -> where it is now; "" where there was nothing
  const std::filesystem::path& where() const { return where_; }

 private:
  std::filesystem::path where_;
  bool folder_ = false;
  std::vector<std::pair<std::filesystem::path, std::filesystem::path>> moved_;  // from, to
};

// -> path, or with a number behind its name the first that does not exist
std::filesystem::path free_path(const std::filesystem::path& path);

}  // namespace ombra
