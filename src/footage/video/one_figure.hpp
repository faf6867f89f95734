#pragma once
// One dancer out of a picture that may show several: which one is meant, where she is, and the same one in the pictures
// before. Thread: any.

#include "footage/video/framing.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ombra::train {

// A picture's figure: true where it covers a pixel.
struct Silhouette {
  int width = 0, height = 0;
  std::vector<std::uint8_t> inside;  // [height][width], 0 or 1
};

struct FigureChoice {
  enum class Kind { kLargest, kLeft, kRight, kNumber };
  Kind kind = Kind::kLargest;
  int number = 0;  // counted from the left, from 1 on
};
// "largest", "left", "right" or a number from 1 on. Throws UsageError.
FigureChoice parse_figure(const std::string& text);

// A body and what belongs to it (a hand that the key cut off).
struct Figure {
  std::vector<std::int32_t> blobs;  // labels
  Box box;
  std::int64_t area = 0;  // pixels
};

// The figures of a picture of ink, from left to right.
class Figures {
 public:
  // ink [height][width], 0 ground .. 255 figure
  Figures(std::span<const std::uint8_t> ink, int width, int height);

  const std::vector<Figure>& all() const { return figures_; }
  Silhouette silhouette(const Figure& figure) const;
  // -> the one that is meant, or null
  const Figure* chosen(const FigureChoice& choice) const;
  // -> the one that covers most of where it was seen in the next or the last picture, or null where none does
  const Figure* same_as(const Silhouette& seen) const;

 private:
  int width_, height_;
  std::vector<std::int32_t> label_;  // [height][width], -1: ground
  std::vector<Figure> figures_;
};

// How alike two poses are as silhouettes, whatever their place and size: intersection over union where they lie on each
// other best, moved and scaled, but not turned, from one centre of gravity and one area on. 0 apart .. 1 the same; 0
// where one is empty.
double pose_overlap(const Silhouette& a, const Silhouette& b);

}  // namespace ombra::train
