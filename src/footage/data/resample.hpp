#pragma once
// Pictures of numbers scaled to another size: the whole of the picture fits, standing on the lower edge in the middle.
// Thread: any (values).

#include <span>
#include <vector>

namespace ombra::train {

// How a picture of one shape is laid into a frame of another.
class Resample {
 public:
  Resample(int from_width, int from_height, int to_width, int to_height);

  // Pixels of the frame a pixel of the picture: > 1 enlarges
  double scale() const { return scale_; }
  // from [from_height][from_width] -> to [to_height][to_width]: a triangle filter as wide as a pixel of the coarser
  // grid, so that nothing is missed when shrinking and nothing is blocky when enlarging; around the picture: ground
  void run(std::span<const float> from, float ground, std::span<float> to) const;

 private:
  // Which pixels make up one pixel along one axis, and how much of each; none: outside the picture.
  struct Taps {
    int first = 0;
    std::vector<float> weights;
  };
  static std::vector<Taps> taps(int from, int to, double scale, double offset);

  // immutable after construction
  int from_width_, from_height_, to_width_, to_height_;
  double scale_;
  std::vector<Taps> columns_, rows_;
};

}  // namespace ombra::train
