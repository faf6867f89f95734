#pragma once
// A decoded picture of any pixel format -> upright RGB of a wanted size: pixel aspect, rotation, colour space and
// range, transparency (laid on white) and scaling. Thread: one owner.

#include "media/read/av_check.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ombra::media {

constexpr int kLargestSide = 16384;
constexpr std::int64_t kLargestArea = 100'000'000;

struct PictureSize {
  int width = 0, height = 0;
};

// How a stored picture is set upright: transposed (x and y change places), then mirrored.
struct Turn {
  bool transpose = false, flip_x = false, flip_y = false;
};

// matrix: the 3 x 3 display matrix of FFmpeg (libavutil/display.h), or null; rounded to the nearest quarter turn.
Turn turn_of(const std::int32_t* matrix);

// -> the size of the picture upright and with square pixels, made smaller to fit into most (where that is over 0).
// aspect: width of a pixel over its height; 0 or an incredible one means square. Neither side of a pixel shrinks.
PictureSize upright_size(PictureSize stored, AVRational aspect, const Turn& turn, PictureSize most);

class PictureConverter {
 public:
  // rgb: [size.height][size.width][3]. A picture of another shape is fitted into size, with gray level `beside` beside
  // it. Throws Error, naming file: pixels that cannot be converted.
  void convert(const AVFrame& frame, AVRational aspect, const Turn& turn, PictureSize size, const std::string& file,
               std::vector<std::uint8_t>& rgb, std::uint8_t beside = 255);

 private:
  // One conversion by swscale, kept as long as the pictures stay alike.
  struct Step {
    AvPtr<SwsContext> context;
    AvPtr<AVFrame> out;
    int width = 0, height = 0, format = -1, space = -1, range = -1, out_width = 0, out_height = 0;

    const AVFrame& run(const AVFrame& frame, int in_format, PictureSize size, AVPixelFormat to,
                       const std::string& file);
  };

  Step opaque_, scale_;
};

}  // namespace ombra::media
