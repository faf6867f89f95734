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

namespace {

constexpr std::size_t kReadBytes = 4096;  // beyond the length that a file had at first

// An open file and how long it was then.
struct Opened {
  int fd;
  std::size_t bytes;
  explicit Opened(const std::filesystem::path& path) : fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    struct stat info {};
    if (fd < 0 || ::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
      const int why = fd < 0 ? errno : EISDIR;
      if (fd >= 0) ::close(fd);
      throw error("{}: cannot read: {}\nhint: check the name", path.string(), std::strerror(why));
    }
    bytes = static_cast<std::size_t>(info.st_size);
  }
  ~Opened() { ::close(fd); }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
};

}  // namespace

// Not mapped: a file that somebody cuts meanwhile would end the program.
std::string read_text(const std::filesystem::path& path, std::size_t limit_bytes) {
  const Opened file(path);
  const auto check = [&](std::size_t bytes) {
    if (bytes <= limit_bytes) return;
    throw error("{}: {} bytes, more than the {} that such a file may have\nhint: is it the right file?", path.string(),
                bytes, limit_bytes);
  };
  check(file.bytes);
  std::string text(file.bytes, '\0');
  std::size_t bytes = 0;
  while (true) {  // it may have grown or been cut since
    if (bytes == text.size()) text.resize(bytes + kReadBytes);
    const ssize_t read = ::read(file.fd, text.data() + bytes, text.size() - bytes);
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) throw error("{}: cannot read: {}\nhint: check the name", path.string(), std::strerror(errno));
    if (read == 0) break;
    bytes += static_cast<std::size_t>(read);
    check(bytes);
  }
  text.resize(bytes);
  return text;
}

MappedFile::MappedFile(const std::filesystem::path& path) {
  const Opened file(path);
  size_ = file.bytes;
  if (size_ == 0) return;
  void* address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.fd, 0);
  if (address == MAP_FAILED) throw error("{}: cannot map into memory: {}", path.string(), std::strerror(errno));
  data_ = static_cast<const std::byte*>(address);
}

MappedFile::~MappedFile() {
  if (data_) ::munmap(const_cast<std::byte*>(data_), size_);
}

}  // namespace ombra
