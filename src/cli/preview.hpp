#pragma once
// A picture of how far a render has come, renewed every two seconds, and removed at the end.
// Thread: one owner.

#include "gfx/framebuffer.hpp"

#include <filesystem>

namespace ombra::cli {

class Preview {
 public:
  // Lies beside output: dance.mp4 -> dance.preview.png, or with a number where somebody has such a picture.
  explicit Preview(const std::filesystem::path& output);
  ~Preview();
  Preview(const Preview&) = delete;
  Preview& operator=(const Preview&) = delete;

  // Writes picture, made smaller, when it is time to. Faults are only logged: the video is what counts.
  void show(const gfx::Image& picture);
  const std::filesystem::path& path() const { return path_; }

 private:
  const std::filesystem::path path_;
  double next_s_ = 0.0;
  bool written_ = false;
};

}  // namespace ombra::cli
