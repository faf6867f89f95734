#include "footage/video/framing.hpp"

#include "core/error.hpp"
#include "core/frames.hpp"
#include "footage/motion/filters.hpp"
#include "footage/motion/text.hpp"

#include <algorithm>
#include <vector>

namespace ombra::train {
namespace {

constexpr double kStandingShare = 0.73;  // of the picture's height: 1.75 m of 2.4 m
constexpr double kTall = 0.95;           // quantile of the boxes' heights that counts as standing
constexpr double kOutlier = 0.01;

template <typename Side>
std::vector<double> sides(std::span<const Box> boxes, const Side& side) {
  std::vector<double> values;
  for (const Box& box : boxes) values.push_back(side(box));
  return values;
}

}  // namespace

CropSpec parse_crop(const std::string& text) {
  CropSpec spec;
  if (text == "auto") {
    spec.kind = CropSpec::Kind::kAuto;
  } else if (text == "figure") {
    spec.kind = CropSpec::Kind::kFigure;
  } else if (text == "none") {
    spec.kind = CropSpec::Kind::kNone;
  } else {
    spec.kind = CropSpec::Kind::kByHand;
    const std::vector<std::string_view> words = split(text, ',');
    double* const numbers[] = {&spec.by_hand.x, &spec.by_hand.y, &spec.by_hand.width, &spec.by_hand.height};
    bool good = words.size() == 4;
    for (std::size_t i = 0; good && i < 4; ++i)
      good = parse_number(words[i], *numbers[i]) && *numbers[i] >= 0.0 && *numbers[i] <= 65536.0;
    if (!good || spec.by_hand.width < 1.0 || spec.by_hand.height < 1.0) {
      throw UsageError(fmt::format(
          "'{}' is not a crop\nhint: auto, figure, none, or X,Y,WIDTH,HEIGHT in pixels of the video", text));
    }
  }
  return spec;
}

std::optional<Box> box_of(std::span<const float> ink, int width, int height) {
  int left = width, right = -1, top = height, bottom = -1;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      if (ink[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)] <= 0.5f)
        continue;
      left = std::min(left, x);
      right = std::max(right, x);
      top = std::min(top, y);
      bottom = y;
    }
  }
  if (right < 0) return {};
  return Box{double(left), double(top), right + 1.0, bottom + 1.0};
}

Crop shaped(const Crop& crop, double aspect) {
  const double width = std::max(crop.width, aspect * crop.height), height = width / aspect;
  return {crop.x + 0.5 * (crop.width - width), crop.y + 0.5 * (crop.height - height), width, height};
}

Crop pushed_inside(Crop crop, int width, int height) {
  const auto push = [](double at, double length, double room) {
    return length >= room ? 0.5 * (room - length) : std::clamp(at, 0.0, room - length);
  };
  crop.x = push(crop.x, crop.width, width);
  crop.y = push(crop.y, crop.height, height);
  return crop;
}

Crop used_crop(std::span<const Box> boxes, double margin, double aspect, int width, int height) {
  const double left = quantile(sides(boxes, [](const Box&b) { return b.left; }), kOutlier),
               right = quantile(sides(boxes, [](const Box&b) { return b.right; }), 1.0 - kOutlier),
               top = quantile(sides(boxes, [](const Box&b) { return b.top; }), kOutlier),
               bottom = quantile(sides(boxes, [](const Box&b) { return b.bottom; }), 1.0 - kOutlier);
  const double beside = margin * (right - left), above = margin * (bottom - top);
  return pushed_inside(
      shaped({left - beside, top - above, right - left + 2 * beside, bottom - top + 2 * above}, aspect), width, height);
}

Crop figure_crop(std::span<const Box> boxes, double aspect) {
  const double height = quantile(sides(boxes, [](const Box& b) { return b.height(); }), kTall) / kStandingShare;
  // the median of the lower half: when the dancer jumps or the feet are lost, the box ends above the floor
  const double feet = quantile(sides(boxes, [](const Box& b) { return b.bottom; }), 0.75);
  const double middle = quantile(sides(boxes, [](const Box& b) { return b.centre(); }), 0.5);
  const double bottom = feet + kFloorMetres / kPictureMetres * height, width = aspect * height;
  return {middle - 0.5 * width, bottom - height, width, height};
}

}  // namespace ombra::train
