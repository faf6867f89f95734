#include "stage/mapping_mesh.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::stage {
namespace {

constexpr double kFlat = 2e-4;  // how far a patch may lie beside its curve, shares of the output
constexpr int kMaxSteps = 64;   // along width and height
constexpr double kMinW = 1e-6;

// Between b and c, as Catmull and Rom do; t 0..1.
glm::dvec2 curve(glm::dvec2 a, glm::dvec2 b, glm::dvec2 c, glm::dvec2 d, double t) {
  return b + 0.5 * t * ((c - a) + t * ((2.0 * a - 5.0 * b + 4.0 * c - d) + t * (3.0 * (b - c) + d - a)));
}

// Along a row of `count` points, at `place` 0..1; beyond its ends it goes on in a line.
template <typename At>
glm::dvec2 along(int count, double place, const At& at) {
  const double x = std::clamp(place, 0.0, 1.0) * (count - 1);
  const int i = std::clamp(static_cast<int>(x), 0, count - 2);
  const glm::dvec2 b = at(i), c = at(i + 1);
  const glm::dvec2 a = i > 0 ? at(i - 1) : 2.0 * b - c, d = i + 2 < count ? at(i + 2) : 2.0 * c - b;
  return curve(a, b, c, d, x - i);
}

// Steps for each patch, along a row of so many points.
int steps_of_patch(const Mesh& mesh, bool along_row) {
  const int count = along_row ? mesh.columns : mesh.rows, others = along_row ? mesh.rows : mesh.columns;
  double most = 0.0;  // how much the points are bent
  for (int other = 0; other < others; ++other) {
    const auto at = [&](int i) { return along_row ? mesh.at(i, other) : mesh.at(other, i); };
    for (int i = 1; i + 1 < count; ++i) most = std::max(most, glm::length(at(i - 1) - 2.0 * at(i) + at(i + 1)));
  }
  // a curve's second derivative is at most five times that; a chord lies an eighth of it beside the curve
  const int wanted = static_cast<int>(std::ceil(std::sqrt(5.0 / 8.0 * most / kFlat)));
  return std::clamp(wanted, 1, kMaxSteps / (count - 1));
}

}  // namespace

Surface::Surface(const Mapping& mapping)
    : pin_(homography(mapping.corners)), mesh_(mapping.mesh), straight_(mapping.mesh.straight()) {}

glm::dvec2 Surface::bend(glm::dvec2 place) const {
  if (straight_) return {0.0, 0.0};
  return along(mesh_.rows, place.y, [&](int row) {
    return along(mesh_.columns, place.x, [&](int column) { return mesh_.at(column, row); });
  });
}

glm::dvec3 Surface::homogeneous(glm::dvec2 place) const {
  glm::dvec3 p = pin_ * glm::dvec3(place, 1.0);
  p.z = std::max(p.z, kMinW);  // beside a steep surface, where its plane passes the projector
  if (!straight_) p += glm::dvec3(bend(place) * p.z, 0.0);
  return p;
}

glm::dvec2 Surface::at(glm::dvec2 place) const {
  const glm::dvec3 p = homogeneous(place);
  return glm::dvec2(p) / p.z;
}

MeshTriangles mesh_triangles(const Mapping& mapping, glm::dvec2 rim) {
  const Surface surface(mapping);
  const bool straight = mapping.mesh.straight();
  const auto places = [&](bool along_row, double beyond) {
    std::vector<double> out;
    const int patches = (along_row ? mapping.mesh.columns : mapping.mesh.rows) - 1;
    const int steps = straight ? 1 : patches * steps_of_patch(mapping.mesh, along_row);
    for (int i = 0; i <= steps; ++i) out.push_back(static_cast<double>(i) / steps);
    if (straight) {  // a perspective is the same in one piece
      out.front() = -beyond, out.back() = 1.0 + beyond;
    } else if (beyond > 0.0) {
      out.insert(out.begin(), -beyond), out.push_back(1.0 + beyond);
    }
    return out;
  };
  const std::vector<double> xs = places(true, rim.x), ys = places(false, rim.y);
  MeshTriangles out;
  for (const double y : ys) {
    for (const double x : xs) {
      const glm::dvec3 p = surface.homogeneous({x, y});
      out.vertices.push_back({{2.0 * p.x - p.z, p.z - 2.0 * p.y, 0.0, p.z}, {x, y}});
    }
  }
  const auto width = static_cast<unsigned>(xs.size());
  for (unsigned row = 0; row + 1 < ys.size(); ++row) {
    for (unsigned column = 0; column + 1 < width; ++column) {
      const unsigned i = row * width + column;
      out.indices.insert(out.indices.end(), {i, i + width, i + 1, i + 1, i + width, i + width + 1});
    }
  }
  return out;
}

glm::dvec2 mesh_rim(const Mapping& mapping, int width, int height, double pixels) {
  constexpr double kMostW = 0.25;  // the plane's horizon stays this far away
  const Quad& q = mapping.corners;
  const glm::dvec2 size(width, height);
  const auto length = [&](int a, int b) {
    return glm::length((q[static_cast<std::size_t>(a)] - q[static_cast<std::size_t>(b)]) * size);
  };
  const Homography h = homography(q);
  double least = 1.0;
  for (const glm::dvec2 corner : kWholeQuad) least = std::min(least, (h * glm::dvec3(corner, 1.0)).z);
  const auto limited = [&](double share, double slope) {
    return std::min(share, kMostW * least / std::max(std::abs(slope), 1e-9));
  };
  return {limited(pixels / std::min(length(0, 1), length(3, 2)), h[0].z),
          limited(pixels / std::min(length(0, 3), length(1, 2)), h[1].z)};
}

}  // namespace ombra::stage
