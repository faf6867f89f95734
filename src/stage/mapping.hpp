#pragma once
// How a finished picture lies on a wall that is no screen: which part of it, turned and flipped, pinned by four
// corners, bent by a mesh, covered by masks, in which colours, and faded towards neighbouring projectors. Values and
// their arithmetic; mapping_pass.hpp draws them.
// Places: of the picture, of the surface (what the corners span) and of the output in shares of width and height from
// the upper left corner, x to the right, y down. Thread: any.

#include <glm/glm.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace ombra::stage {

inline constexpr int kMinMeshPoints = 2, kMaxMeshPoints = 9;  // each way
inline constexpr std::size_t kMaxMasks = 16, kMinMaskPoints = 3, kMaxMaskPoints = 64;
inline constexpr double kMaxOutside = 1.0;  // how far from the output a corner or a mask's point may lie, shares of it
inline constexpr double kMaxBend = 1.0;     // of a mesh point, either way, shares of the output
inline constexpr double kMaxFeather = 0.1;  // shares of the output's height
inline constexpr double kMinSource = 0.01;  // width and height of the part of the picture
inline constexpr double kMinScale = 0.05, kMaxScale = 20.0, kMaxOffset = 2.0;
inline constexpr double kMaxBlend = 0.9;  // shares of the slice
inline constexpr double kMinCurve = 1.0, kMaxCurve = 4.0;
inline constexpr double kMinGamma = 0.2, kMaxGamma = 5.0;
inline constexpr double kMinLightGamma = 1.0, kMaxLightGamma = 3.0;
inline constexpr double kMaxBrightness = 0.5, kMaxContrast = 3.0, kMaxGain = 2.0;

// Four places, in the order upper left, upper right, lower right, lower left.
using Quad = std::array<glm::dvec2, 4>;
inline constexpr Quad kWholeQuad = {{{0.0, 0.0}, {1.0, 0.0}, {1.0, 1.0}, {0.0, 1.0}}};

struct Part {
  double x = 0.0, y = 0.0, width = 1.0, height = 1.0;  // of the picture, within 0..1
  bool operator==(const Part&) const = default;
};

// Points in equal steps over the surface; between them Catmull-Rom patches.
struct Mesh {
  int columns = 2, rows = 2;          // kMinMeshPoints .. kMaxMeshPoints
  std::vector<glm::dvec2> bend = {};  // [rows][columns], away from where the corners put the point, shares of the
                                      // output; empty: nowhere
  bool straight() const;              // is it bent nowhere?
  glm::dvec2 at(int column, int row) const;  // 0 where nothing is said
  bool operator==(const Mesh&) const = default;
};

// Hides what is inside it, or outside where it is inverted. Inside: by the even-odd rule.
struct Mask {
  std::vector<glm::dvec2> points = {};  // of the output, kMinMaskPoints .. kMaxMaskPoints
  double feather = 0.0;                 // width of the soft edge, half of it inside, shares of the output's height
  bool inverted = false;
  bool on = true;
  bool operator==(const Mask&) const = default;
};

// What is done to values as they are encoded (0..1): contrast around a middle grey, brightness, gamma, gains.
struct Colours {
  double brightness = 0.0;          // added, -kMaxBrightness .. kMaxBrightness
  double contrast = 1.0;            // 0 .. kMaxContrast
  double gamma = 1.0;               // kMinGamma .. kMaxGamma: more is lighter
  glm::dvec3 gains{1.0, 1.0, 1.0};  // red, green, blue, 0 .. kMaxGain
  bool operator==(const Colours&) const = default;
};

// Fades one side of a slice to black, so that it and its neighbour, which fades as wide and with the same curve, sum to
// one in light.
struct Blend {
  double width = 0.0;  // of the slice, 0 .. kMaxBlend
  double curve = 2.0;  // kMinCurve (a straight line in light) .. kMaxCurve (steep in the middle)
  bool operator==(const Blend&) const = default;
};

enum Side { kLeftSide, kRightSide, kUpperSide, kLowerSide, kSides };

struct Mapping {
  int quarter_turns = 0;                // clockwise, 0..3
  bool flip_x = false, flip_y = false;  // left and right, above and below change places, as seen after turning
  Part source = {};                     // crop, or a slice of a wide picture
  bool keep_shape = true;  // black beside the picture where the output has another shape; else it stretches
  glm::dvec2 scale{1.0, 1.0}, offset{0.0, 0.0};  // of the picture on the surface, from its middle, in shares of it
  Quad corners = kWholeQuad;                     // of the surface, on the output
  Mesh mesh = {};
  std::vector<Mask> masks = {};  // at most kMaxMasks
  Colours colours = {};
  std::array<Blend, kSides> blends = {};
  double light_gamma = 2.2;  // how the projector makes light of values, for the blends
  bool operator==(const Mapping&) const = default;
};

// Does a copy of the picture show the same, where the output has the picture's size?
bool is_plain(const Mapping& mapping);
// -> the same with every value finite and within its range, a quad that can be seen, and masks that have an inside
Mapping sane(const Mapping& mapping);

// Is it convex, not mirrored, and large enough to be seen?
bool is_sane(const Quad& quad);

// A perspective: how places of the surface lie on the output. [x y w] = forward * [x y 1].
using Homography = glm::dmat3;
// The one that takes the unit square's corners to those of a sane quad.
Homography homography(const Quad& quad);
glm::dvec2 apply(const Homography& h, glm::dvec2 place);

// How places of the surface become places of the picture: picture = x * right + y * down + origin.
struct PicturePlace {
  glm::dvec2 origin{0.0, 0.0}, right{1.0, 0.0}, down{0.0, 1.0};
  glm::dvec2 operator()(glm::dvec2 place) const { return origin + place.x * right + place.y * down; }
};
// Places of the surface become places of the slice, 0..1 where there is picture: slice = surface * scale + offset.
struct SlicePlace {
  glm::dvec2 scale{1.0, 1.0}, offset{0.0, 0.0};
};
// picture_shape, output_shape: width by height.
SlicePlace slice_place(const Mapping& mapping, double picture_shape, double output_shape);
PicturePlace picture_place(const Mapping& mapping, double picture_shape, double output_shape);

// -> share of the light that is left `x` of the slice away from the blended side; f(x) + f(width - x) = 1
double blend_weight(const Blend& blend, double x);
// -> a value 0..1 as the mapping's colours make it, without blend and masks. channel: 0 red, 1 green, 2 blue
double coloured(const Colours& colours, double value, int channel);

}  // namespace ombra::stage
