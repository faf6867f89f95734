#pragma once
// From a picture to the dancer in it: key or background, then what is no part of a figure is cleaned away.
// Thread: any, once constructed.

#include "footage/video/choose_key.hpp"

#include <memory>
#include <span>
#include <vector>

namespace ombra::train {

class Matte {
 public:
  // key: complete (choose_key); still: needed by a background key, which then takes pictures of its size alone;
  // content: of pictures of content_width x content_height.
  Matte(const KeySpec& key, std::shared_ptr<const Background> still, const Content& content, int content_width,
        int content_height);

  const KeySpec& key() const { return key_; }
  bool finds_figure() const { return key_.kind != KeyKind::kNone; }
  // rgb [height][width][3], contrast already raised -> ink [height][width], 0 ground .. 1 figure
  void ink_of(std::span<const std::uint8_t> rgb, int width, int height, std::span<float> ink) const;

 private:
  void clean_up(std::span<float> ink, int width, int height) const;

  // immutable after construction
  KeySpec key_;
  std::shared_ptr<const Background> still_;
  double left_, top_, right_, bottom_;  // of the content, in shares of the picture
};

}  // namespace ombra::train
