#pragma once
// Where the pictures of a video come from: the show of a song, a take that is played again, a video that goes on as a
// dance. Thread: one owner.

#include "gfx/framebuffer.hpp"

#include <cstdint>

namespace ombra::show {

class PictureSource {
 public:
  virtual ~PictureSource() = default;
  // Pictures in all, exactly.
  virtual std::int64_t frames() const = 0;
  // The next picture, rows from the top: RGB, or RGBA with straight alpha, all of one kind and size. picture's memory
  // is used again. -> false, and nothing drawn, after the last one. Throws Error.
  virtual bool next(gfx::Image& picture) = 0;
};

}  // namespace ombra::show
