#pragma once
// Pictures of one size that wait on disk until their number is known. The file has no name, so nothing is left of it
// whatever happens to the program.
// Thread: one writer, then any readers.

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace ombra::train {

class PictureFile {
 public:
  // In this folder, which is made when it does not exist. Throws Error.
  PictureFile(const std::filesystem::path& folder, std::size_t picture_bytes);
  ~PictureFile();
  PictureFile(const PictureFile&) = delete;
  PictureFile& operator=(const PictureFile&) = delete;

  std::int64_t count() const { return count_; }
  // Throws Error when the disk is full.
  void append(std::span<const std::uint8_t> picture);
  // Writes out what append still holds back; before the first read.
  void flush();
  void read(std::int64_t i, std::span<std::uint8_t> picture) const;

 private:
  void write(std::span<const std::uint8_t> bytes);

  // immutable after construction
  std::filesystem::path folder_;
  std::size_t picture_bytes_;
  int file_ = -1;
  // writer only
  std::int64_t count_ = 0;
  std::vector<std::uint8_t> waiting_;
};

}  // namespace ombra::train
