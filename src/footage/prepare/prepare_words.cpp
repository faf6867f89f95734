#include "footage/prepare/prepare_words.hpp"

#include "core/error.hpp"
#include "core/times.hpp"
#include "footage/motion/text.hpp"
#include "model/figure/recipe.hpp"

#include <cmath>

namespace ombra::train {
namespace {

void use_key(const model::KeySpec& said, PrepareOptions& o) {
  o.key = {.kind = parse_key(said.key), .threshold = said.threshold, .contrast = said.contrast};
  if (!said.colour.empty()) parse_key_colour(said.colour, o.key);
  o.invert = said.invert;
  if (!said.crop.empty()) o.crop = parse_crop(said.crop);
  o.crop.margin = said.margin;
}

}  // namespace

std::pair<int, int> parse_size(const std::string& text) {
  std::vector<std::string_view> parts = split(text, 'x');
  if (parts.size() == 1) parts.push_back(parts[0]);
  double width = 0.0, height = 0.0;
  const auto whole = [](double v) { return v >= 16.0 && v <= 1024.0 && v == std::floor(v); };
  if (parts.size() != 2 || !parse_number(parts[0], width) || !parse_number(parts[1], height) || !whole(width) ||
      !whole(height)) {
    throw UsageError(
        fmt::format("'{}' is no size of pictures\nhint: WIDTHxHEIGHT as in 200x120, or one number, 16 to 1024", text));
  }
  return {static_cast<int>(width), static_cast<int>(height)};
}

HeldOutEnd parse_held_out_end(const std::string& text) {
  HeldOutEnd end;
  if (!text.empty() && text.back() == '%') {
    double value = 0.0;
    if (parse_number(std::string_view(text).substr(0, text.size() - 1), value) && value >= 0.0 && value <= 90.0) {
      end.share = value / 100.0;
      return end;
    }
    throw UsageError(fmt::format("'{}' is no share to hold out\nhint: 0% to 90%", text));
  }
  const double value = parse_time(text);
  (value < 1.0 ? end.share : end.seconds) = value;
  return end;
}

void use_frames(const model::FramesSpec& frames, PrepareOptions& options) {
  options.width = static_cast<int>(frames.width);
  options.size = static_cast<int>(frames.height);
  options.fps = frames.fps;
  options.picture = frames.picture;
  if (frames.key) use_key(*frames.key, options);
}

void use_recipe(const std::string& name_or_file, PrepareOptions& options) {
  use_frames(model::read_frames(model::find_recipe(name_or_file)), options);
}

}  // namespace ombra::train
