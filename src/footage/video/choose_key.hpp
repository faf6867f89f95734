#pragma once
// Which key suits a video, when nobody says so, and the numbers that a key needs but was not given: from pictures
// spread over the video, by their edges, their histogram, and whether the camera stands still. Thread: any.

#include "footage/video/background.hpp"
#include "footage/video/key.hpp"
#include "footage/video/letterbox.hpp"

#include <span>
#include <string>

namespace ombra::train {

struct KeyChoice {
  KeySpec key;            // complete: key_picture can use it
  std::string reason;     // what was chosen and why, as a phrase: "green screen: 93 % of the edge is green"
  bool confident = true;  // false: nothing fits well; a person should look at the result
};

// asked: what the user said, kAuto where nothing; what is given there is kept. pictures: with asked.contrast already
// applied; all of one size, at least one; still: their median.
KeyChoice choose_key(std::span<const media::VideoFrame> pictures, const Background& still, const Content& content,
                     const KeySpec& asked);

}  // namespace ombra::train
