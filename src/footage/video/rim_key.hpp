#pragma once
// A key for dark figures before uneven light: backlit dancers, lanterns, glowing outlines, of which no one level tells
// figure and ground apart, for a corner may be darker than the dancer. What tells them apart is that light lies all
// round the figure: no way leads from it to the upper, left or right edge of the picture but over something brighter.
// How much brighter is its depth: greyscale holes filled by flooding from the edge (Vincent 1993, morphological
// reconstruction; Barnes, Lehman and Mulla 2014, priority flood). Brightness is the largest of red, green and blue,
// since such light is often coloured. Thread: any.

#include <cstdint>
#include <span>
#include <vector>

namespace ombra::train {

inline constexpr double kMinRim = 20.0;  // levels

// rgb [height][width][3] -> depth [height][width] in levels, 0: a way out leads over nothing brighter
std::vector<std::uint8_t> rim_depth(std::span<const std::uint8_t> rgb, int width, int height);

// The ink of the figures: dark shapes that lie deep, each against its own depth, so that one farther back in haze
// counts too. What only lies along the lower edge is a reflection in the floor. least: levels that a shape must be
// deep.
void rim_ink(std::span<const std::uint8_t> rgb, int width, int height, double least, std::span<float> ink);

// What the deepest of them is like in a picture, to judge whether this is the right key.
struct RimSurvey {
  double share = 0.0;     // of the picture
  double depth = 0.0;     // levels
  double level = 0.0;     // their own brightness, median ...
  double spread = 255.0;  // ... and half of what lies between its 5 and 95 %
};
RimSurvey survey_rim(std::span<const std::uint8_t> rgb, int width, int height, double least);

}  // namespace ombra::train
