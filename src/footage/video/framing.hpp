#pragma once
// Which part of a video goes into the pictures: given by hand, all of it, the box that the dancer uses, or the dancer
// as the show frames him, standing on a floor near the lower edge. Pixels of the video from its upper left corner. A
// crop may reach beyond the video where the shape asks for it. Thread: any (values).

#include "footage/video/scaler.hpp"

#include <optional>
#include <span>
#include <string>

namespace ombra::train {

struct CropSpec {
  enum class Kind {
    kDefault,  // kFigure for distance pictures, else kAuto
    kAuto,     // the box used over the whole clip
    kFigure,   // standing height 0.73 of the picture's, feet 5 % above its lower edge; follows the dancer sideways
    kNone,     // all of the video
    kByHand,
  };
  Kind kind = Kind::kDefault;
  Crop by_hand;          // pixels of the video
  double margin = 0.06;  // of kAuto: beside the box, in parts of it
};

// "auto", "figure", "none" or "X,Y,W,H". Throws UsageError.
CropSpec parse_crop(const std::string& text);

struct Box {
  double left = 0.0, top = 0.0, right = 0.0, bottom = 0.0;
  double width() const { return right - left; }
  double height() const { return bottom - top; }
  double centre() const { return 0.5 * (left + right); }
};
// -> the box round all ink over 0.5; nothing when there is none. ink [height][width]
std::optional<Box> box_of(std::span<const float> ink, int width, int height);

// The smallest crop of this shape (width over height) round another, with the same middle.
Crop shaped(const Crop& crop, double aspect);
// Pushed back into a video of this size as far as it fits; centred where it is larger.
Crop pushed_inside(Crop crop, int width, int height);

// Round all boxes but the outermost hundredth on each side.
Crop used_crop(std::span<const Box> boxes, double margin, double aspect, int width, int height);
// Framed as the show frames its dancer. x stands for the middle of the boxes; a dancer who is followed has his own.
Crop figure_crop(std::span<const Box> boxes, double aspect);

}  // namespace ombra::train
