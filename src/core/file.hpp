#pragma once
// Files written whole or not at all, and files mapped into memory for reading.
// Thread: any (one owner per object).

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace ombra {

// Writes beside its place, syncs, renames (core/new_file.hpp). write gets a FILE* positioned at 0.
// Throws Error (disk full, no permission, ...), UsageError when path is an input; then what was there is as it was.
void write_atomically(const std::filesystem::path& path, const std::function<void(std::FILE*)>& write);
void write_atomically(const std::filesystem::path& path, std::string_view text);

// -> the whole file; throws Error when it cannot be read or is longer than limit_bytes. One that is cut or grows
// meanwhile gives what there is.
std::string read_text(const std::filesystem::path& path, std::size_t limit_bytes = 16u << 20);

// A file mapped read-only. Where somebody cuts it meanwhile the program ends: not for files of users. Throws Error when
// it cannot be opened.
class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::span<const std::byte> bytes() const { return {data_, size_}; }

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace ombra
