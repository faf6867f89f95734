#include "core/file.hpp"

#include "core/error.hpp"
#include "core/new_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace ombra {

void write_atomically(const std::filesystem::path& path, const std::function<void(std::FILE*)>& write) {
  std::error_code ignored;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), ignored);
  NewFile place(path);
  std::FILE* file = std::fopen(place.part().c_str(), place.direct() ? "ab" : "wb");
  const auto fail = [&] {
    return error("{}: cannot write: {}\nhint: is the disk full?", path.string(), std::strerror(errno));
  };
  if (!file) throw fail();
  try {
    write(file);
  } catch (...) {
    std::fclose(file);
    throw;
  }
  const bool written = std::fflush(file) == 0 && !std::ferror(file);
  if (std::fclose(file) != 0 || !written) throw fail();
  place.commit();
}

void write_atomically(const std::filesystem::path& path, std::string_view text) {
  write_atomically(path, [&](std::FILE* file) { std::fwrite(text.data(), 1, text.size(), file); });
}

std::string read_text(const std::filesystem::path& path, std::size_t limit_bytes) {
  const MappedFile file(path);
  if (file.bytes().size() > limit_bytes) {
    throw error("{}: {} bytes, more than the {} that such a file may have\nhint: is it the right file?", path.string(),
                file.bytes().size(), limit_bytes);
  }
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

MappedFile::MappedFile(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat info {};
  if (fd < 0 || ::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    const int why = fd < 0 ? errno : EISDIR;
    if (fd >= 0) ::close(fd);
    throw error("{}: cannot read: {}\nhint: check the name", path.string(), std::strerror(why));
  }
  size_ = static_cast<std::size_t>(info.st_size);
  if (size_ > 0) {
    void* address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
    if (address == MAP_FAILED) {
      ::close(fd);
      throw error("{}: cannot map into memory: {}", path.string(), std::strerror(errno));
    }
    data_ = static_cast<const std::byte*>(address);
  }
  ::close(fd);
}

MappedFile::~MappedFile() {
  if (data_) ::munmap(const_cast<std::byte*>(data_), size_);
}

}  // namespace ombra
