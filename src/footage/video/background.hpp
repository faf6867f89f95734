#pragma once
// The empty stage of a camera that stands still: the median picture of frames spread over the video, in which the
// dancer is nowhere for long. What differs from it is the dancer. Thread: any, once constructed.

#include "media/read/video_reader.hpp"

#include <span>
#include <vector>

namespace ombra::train {

class Background {
 public:
  // Pixel by pixel the median of at most kMax of the pictures, evenly chosen; they are all of one size. At least one.
  explicit Background(std::span<const media::VideoFrame> pictures);
  static constexpr std::size_t kMax = 61;

  int width() const { return width_; }
  int height() const { return height_; }
  const std::vector<std::uint8_t>& rgb() const { return rgb_; }

  // How far a picture of this size differs, pixel by pixel, in levels: the largest of the three channels' differences.
  // A change of exposure of the whole picture is taken out first, and a pixel that is only darker (a soft shadow: all
  // channels down by the same share, at most 35 %) counts a third (after Horprasert, Harwood and Davis 1999).
  void difference(std::span<const std::uint8_t> rgb, std::span<float> levels) const;

  // What sensor and codec differ by where nothing moves: the level that half of the pixels stay below.
  double noise() const { return noise_; }
  // Difference from which a pixel is the dancer's: six times the standard deviation of such noise, 14 to 48.
  double threshold() const;

 private:
  // immutable after construction
  int width_, height_;
  std::vector<std::uint8_t> rgb_;
  double noise_ = 0.0;
};

}  // namespace ombra::train
