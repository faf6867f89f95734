#pragma once
// Cuts a rectangle out of a picture and brings it to a size: by area averaging where it shrinks, linearly where it
// grows. Thread: any, once constructed.

#include <cstdint>
#include <span>
#include <vector>

namespace ombra::train {

// A rectangle in pixels of a picture, from the upper left corner of its upper left pixel; may reach beyond the picture.
struct Crop {
  double x = 0.0, y = 0.0, width = 0.0, height = 0.0;
};

class Scaler {
 public:
  Scaler(int from_width, int from_height, const Crop& crop, int to_width, int to_height);

  // in [from_height][from_width][channels] of bytes -> out [to_height][to_width][channels], 0..255 still.
  // What lies beyond the picture is `outside`; below 0, the pixels of the edge are repeated there.
  void scale(std::span<const std::uint8_t> in, int channels, float outside, std::span<float> out) const;

 private:
  // Where one pixel of a row (or column) comes from: weights of pixels first, first + 1, ...; they sum to 1, and those
  // of pixels that do not exist belong to the outside.
  struct Tap {
    int first = 0;
    std::vector<float> weights;
  };
  static std::vector<Tap> taps(double start, double length, int count);

  // immutable after construction
  int from_width_, from_height_;
  std::vector<Tap> columns_, rows_;
};

}  // namespace ombra::train
