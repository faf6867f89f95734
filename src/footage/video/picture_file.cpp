#include "footage/video/picture_file.hpp"

#include "core/error.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace ombra::train {
namespace {

constexpr std::size_t kBufferBytes = 1u << 20;

}  // namespace

PictureFile::PictureFile(const std::filesystem::path& folder, std::size_t picture_bytes)
    : folder_(folder.empty() ? "." : folder), picture_bytes_(picture_bytes) {
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
  file_ = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file_ < 0) {  // a file system without nameless files
    std::string name = (folder_ / ".ombra-pictures-XXXXXX").string();
    file_ = ::mkostemp(name.data(), O_CLOEXEC);
    if (file_ >= 0) ::unlink(name.c_str());
  }
  if (file_ < 0) {
    throw error("{}: cannot write there: {}\nhint: is the folder writable?", folder_.string(), std::strerror(errno));
  }
}

PictureFile::~PictureFile() {
  if (file_ >= 0) ::close(file_);
}

void PictureFile::append(std::span<const std::uint8_t> picture) {
  OMBRA_ASSERT(picture.size() == picture_bytes_);
  waiting_.insert(waiting_.end(), picture.begin(), picture.end());
  ++count_;
  if (waiting_.size() >= kBufferBytes) flush();
}

void PictureFile::flush() {
  write(waiting_);
  waiting_.clear();
}

void PictureFile::write(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(file_, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0)
      throw error("{}: cannot write pictures: {}\nhint: is the disk full?", folder_.string(), std::strerror(errno));
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
}

void PictureFile::read(std::int64_t i, std::span<std::uint8_t> picture) const {
  OMBRA_ASSERT(i >= 0 && i < count_ && picture.size() == picture_bytes_ && waiting_.empty());
  auto at = static_cast<off_t>(i) * static_cast<off_t>(picture_bytes_);
  while (!picture.empty()) {
    const ssize_t done = ::pread(file_, picture.data(), picture.size(), at);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) throw error("{}: cannot read pictures back: {}", folder_.string(), std::strerror(errno));
    picture = picture.subspan(static_cast<std::size_t>(done));
    at += done;
  }
}

}  // namespace ombra::train
