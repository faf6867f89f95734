#pragma once
// A folder for what a measurement writes meanwhile; it is gone afterwards. Thread: one owner.

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace ombra::cli {

class ScratchFolder {
 public:
  // purpose: part of its name
  explicit ScratchFolder(const std::string& purpose)
      : path_(std::filesystem::temp_directory_path() / fmt::format("ombra-bench-{}-{}", purpose, ::getpid())) {
    std::filesystem::create_directories(path_);
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  const std::filesystem::path path_;
};

}  // namespace ombra::cli
