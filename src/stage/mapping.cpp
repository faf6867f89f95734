#include "stage/mapping.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::stage {
namespace {

constexpr double kMinCorner = 1e-3;  // twice the area of a corner's triangle, shares of the output's area

double clamped(double value, double low, double high, double instead) {
  return std::isfinite(value) ? std::clamp(value, low, high) : instead;
}

glm::dvec2 clamped(glm::dvec2 value, double low, double high, double instead) {
  return {clamped(value.x, low, high, instead), clamped(value.y, low, high, instead)};
}

double cross(glm::dvec2 a, glm::dvec2 b) { return a.x * b.y - a.y * b.x; }

Part sane(const Part& part) {
  Part out;
  out.width = clamped(part.width, kMinSource, 1.0, 1.0);
  out.height = clamped(part.height, kMinSource, 1.0, 1.0);
  out.x = clamped(part.x, 0.0, 1.0 - out.width, 0.0);
  out.y = clamped(part.y, 0.0, 1.0 - out.height, 0.0);
  return out;
}

Mesh sane(const Mesh& mesh) {
  Mesh out;
  out.columns = std::clamp(mesh.columns, kMinMeshPoints, kMaxMeshPoints);
  out.rows = std::clamp(mesh.rows, kMinMeshPoints, kMaxMeshPoints);
  // points that belong to a mesh of another size are none
  if (out.columns != mesh.columns || out.rows != mesh.rows || mesh.straight()) return out;
  for (int row = 0; row < out.rows; ++row) {
    for (int column = 0; column < out.columns; ++column)
      out.bend.push_back(clamped(mesh.at(column, row), -kMaxBend, kMaxBend, 0.0));
  }
  if (out.straight()) out.bend.clear();
  return out;
}

Mask sane(const Mask& mask) {
  Mask out = mask;
  if (out.points.size() > kMaxMaskPoints) out.points.resize(kMaxMaskPoints);
  for (glm::dvec2& point : out.points) point = clamped(point, -kMaxOutside, 1.0 + kMaxOutside, 0.0);
  out.feather = clamped(mask.feather, 0.0, kMaxFeather, 0.0);
  return out;
}

Colours sane(const Colours& colours) {
  Colours out;
  out.brightness = clamped(colours.brightness, -kMaxBrightness, kMaxBrightness, 0.0);
  out.contrast = clamped(colours.contrast, 0.0, kMaxContrast, 1.0);
  out.gamma = clamped(colours.gamma, kMinGamma, kMaxGamma, 1.0);
  for (int i = 0; i < 3; ++i) out.gains[i] = clamped(colours.gains[i], 0.0, kMaxGain, 1.0);
  return out;
}

}  // namespace

bool Mesh::straight() const {
  return std::ranges::all_of(bend, [](glm::dvec2 d) { return d == glm::dvec2(0.0); });
}

glm::dvec2 Mesh::at(int column, int row) const {
  const auto i = static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column);
  return i < bend.size() ? bend[i] : glm::dvec2(0.0);
}

bool is_plain(const Mapping& m) {
  const auto fades = [](const Blend& blend) { return blend.width > 0.0; };
  const auto hides = [](const Mask& mask) { return mask.on && mask.points.size() >= kMinMaskPoints; };
  return m.quarter_turns % 4 == 0 && !m.flip_x && !m.flip_y && m.source == Part{} && m.scale == glm::dvec2(1.0) &&
         m.offset == glm::dvec2(0.0) && m.corners == kWholeQuad && m.mesh.straight() && m.colours == Colours{} &&
         std::ranges::none_of(m.blends, fades) && std::ranges::none_of(m.masks, hides);
}

Mapping sane(const Mapping& mapping) {
  Mapping out = mapping;
  out.quarter_turns = ((mapping.quarter_turns % 4) + 4) % 4;
  out.source = sane(mapping.source);
  out.scale = clamped(mapping.scale, kMinScale, kMaxScale, 1.0);
  out.offset = clamped(mapping.offset, -kMaxOffset, kMaxOffset, 0.0);
  for (glm::dvec2& corner : out.corners) corner = clamped(corner, -kMaxOutside, 1.0 + kMaxOutside, NAN);
  if (!is_sane(out.corners)) out.corners = kWholeQuad;
  out.mesh = sane(mapping.mesh);
  if (out.masks.size() > kMaxMasks) out.masks.resize(kMaxMasks);
  for (Mask& mask : out.masks) mask = sane(mask);
  std::erase_if(out.masks, [](const Mask& mask) { return mask.points.size() < kMinMaskPoints; });
  out.colours = sane(mapping.colours);
  for (Blend& blend : out.blends) {
    blend.width = clamped(blend.width, 0.0, kMaxBlend, 0.0);
    blend.curve = clamped(blend.curve, kMinCurve, kMaxCurve, Blend{}.curve);
  }
  out.light_gamma = clamped(mapping.light_gamma, kMinLightGamma, kMaxLightGamma, 2.2);
  return out;
}

bool is_sane(const Quad& quad) {
  for (std::size_t i = 0; i < 4; ++i) {
    const glm::dvec2 here = quad[i], next = quad[(i + 1) % 4], last = quad[(i + 3) % 4];
    if (!(cross(next - here, last - here) >= kMinCorner)) return false;  // nor where something is no number
  }
  return true;
}

// Heckbert, "Fundamentals of Texture Mapping and Image Warping" (1989), section 2.2.3.
Homography homography(const Quad& q) {
  const glm::dvec2 sum = q[0] - q[1] + q[2] - q[3], a = q[1] - q[2], b = q[3] - q[2];
  const double area = cross(a, b);
  const double g = cross(sum, b) / area, h = cross(a, sum) / area;
  const glm::dvec2 right = q[1] - q[0] + g * q[1], down = q[3] - q[0] + h * q[3];
  return {{right.x, right.y, g}, {down.x, down.y, h}, {q[0].x, q[0].y, 1.0}};
}

glm::dvec2 apply(const Homography& h, glm::dvec2 place) {
  const glm::dvec3 p = h * glm::dvec3(place, 1.0);
  return glm::dvec2(p) / p.z;
}

SlicePlace slice_place(const Mapping& m, double picture_shape, double output_shape) {
  double shape = picture_shape * m.source.width / m.source.height;
  if (m.quarter_turns % 2 != 0) shape = 1.0 / shape;
  glm::dvec2 size = m.scale;  // of the slice on the surface
  // a slice that is less than a pixel in a thousand off fills the output
  if (m.keep_shape && std::abs(shape / output_shape - 1.0) > 1e-3) {
    if (shape > output_shape) size.y *= output_shape / shape;
    if (shape < output_shape) size.x *= shape / output_shape;
  }
  return {1.0 / size, 0.5 - (0.5 + m.offset) / size};
}

PicturePlace picture_place(const Mapping& m, double picture_shape, double output_shape) {
  const SlicePlace slice = slice_place(m, picture_shape, output_shape);
  const auto place = [&](glm::dvec2 at) {
    at = at * slice.scale + slice.offset;
    if (m.flip_x) at.x = 1.0 - at.x;
    if (m.flip_y) at.y = 1.0 - at.y;
    for (int i = 0; i < m.quarter_turns % 4; ++i) at = {at.y, 1.0 - at.x};
    return glm::dvec2(m.source.x, m.source.y) + at * glm::dvec2(m.source.width, m.source.height);
  };
  const glm::dvec2 origin = place({0.0, 0.0});
  return {origin, place({1.0, 0.0}) - origin, place({0.0, 1.0}) - origin};
}

double blend_weight(const Blend& blend, double x) {
  if (blend.width <= 0.0 || x >= blend.width) return 1.0;
  const double t = std::max(x / blend.width, 0.0);
  return t < 0.5 ? 0.5 * std::pow(2.0 * t, blend.curve) : 1.0 - 0.5 * std::pow(2.0 - 2.0 * t, blend.curve);
}

double coloured(const Colours& colours, double value, int channel) {
  const double v = (value - 0.5) * colours.contrast + 0.5 + colours.brightness;
  return std::clamp(std::pow(std::clamp(v, 0.0, 1.0), 1.0 / colours.gamma) * colours.gains[channel], 0.0, 1.0);
}

}  // namespace ombra::stage
