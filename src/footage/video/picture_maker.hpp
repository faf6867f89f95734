#pragma once
// From a frame of a video to a picture of a data set: keyed, cut out, scaled, stored as the data set's kind asks.
// Thread: one owner (it keeps buffers).

#include "footage/data/data_set.hpp"
#include "footage/video/matte.hpp"
#include "footage/video/scaler.hpp"

#include <optional>
#include <span>
#include <vector>

namespace ombra::train {

// A frame whose figure is known, still in the video's shape.
struct KeyedFrame {
  int width = 0, height = 0;
  std::vector<std::uint8_t> ink;  // [height][width], 0 ground .. 255 figure; empty with no key
  std::vector<std::uint8_t>
      light;                     // of gray and rgb pictures, [height][width] or [height][width][3]: ground made white
  std::optional<double> centre;  // of the figure's box, pixels from the left; nothing when there is no figure

  std::size_t bytes() const { return ink.size() + light.size(); }
};

struct PictureFacts {
  bool touches = false;  // figure at the edge of the picture
  bool empty = false;    // no figure
};

class PictureMaker {
 public:
  // kind, size and channels as in the table; inverted: black and white change places (distances their sign)
  PictureMaker(const Matte& matte, PictureKind kind, int width, int height, bool inverted);

  // rgb: is changed (contrast, spill).
  KeyedFrame keyed(media::VideoFrame& frame);
  // -> picture as a data set stores it. crop: pixels of the keyed frame.
  PictureFacts make(const KeyedFrame& frame, const Crop& crop, std::span<std::uint8_t> picture);
  // How much the newest picture differs from the one before it: mean change on a coarse grid, over the square root of
  // the figure's area: about the speed of what moves. 0 for the first picture.
  double change();

 private:
  void store_distances(std::span<std::uint8_t> picture);

  // immutable after construction
  const Matte& matte_;
  PictureKind kind_;
  int width_, height_;
  bool inverted_;
  // state
  std::vector<float> ink_, scaled_, light_, distance_;
  std::vector<float> coarse_, coarse_before_;
};

}  // namespace ombra::train
