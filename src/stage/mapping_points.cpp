#include "stage/mapping_points.hpp"

#include "stage/mapping_mesh.hpp"

#include <cmath>

namespace ombra::stage {
namespace {

using Kind = MappingPoint::Kind;

std::size_t mesh_size(const Mesh& mesh) { return static_cast<std::size_t>(mesh.columns * mesh.rows); }

bool exists(const Mapping& mapping, const MappingPoint& point) {
  if (point.index < 0 || point.mask < 0) return false;
  const auto index = static_cast<std::size_t>(point.index), mask = static_cast<std::size_t>(point.mask);
  switch (point.kind) {
    case Kind::kCorner:
      return index < 4;
    case Kind::kMesh:
      return index < mesh_size(mapping.mesh);
    case Kind::kMask:
      return mask < mapping.masks.size() && index < mapping.masks[mask].points.size();
    default:
      return false;
  }
}

glm::dvec2 mesh_place(const Mesh& mesh, int index) {
  const int column = index % mesh.columns, row = index / mesh.columns;
  return {static_cast<double>(column) / (mesh.columns - 1), static_cast<double>(row) / (mesh.rows - 1)};
}

glm::dvec2 within(glm::dvec2 place) { return glm::clamp(place, -kMaxOutside, 1.0 + kMaxOutside); }

}  // namespace

std::vector<MappingPoint> mapping_points(const Mapping& mapping) {
  std::vector<MappingPoint> out;
  for (int i = 0; i < 4; ++i) out.push_back({Kind::kCorner, i, 0});
  const bool corners_alone = mesh_size(mapping.mesh) == 4 && mapping.mesh.straight();
  for (int i = 0; !corners_alone && i < static_cast<int>(mesh_size(mapping.mesh)); ++i)
    out.push_back({Kind::kMesh, i, 0});
  for (int mask = 0; mask < static_cast<int>(mapping.masks.size()); ++mask) {
    const auto count = static_cast<int>(mapping.masks[static_cast<std::size_t>(mask)].points.size());
    for (int i = 0; i < count; ++i) out.push_back({Kind::kMask, i, mask});
  }
  return out;
}

std::optional<glm::dvec2> place_of(const Mapping& mapping, const MappingPoint& point) {
  if (!exists(mapping, point)) return std::nullopt;
  const auto index = static_cast<std::size_t>(point.index);
  if (point.kind == Kind::kCorner) return mapping.corners[index];
  if (point.kind == Kind::kMesh) return Surface(mapping).at(mesh_place(mapping.mesh, point.index));
  return mapping.masks[static_cast<std::size_t>(point.mask)].points[index];
}

bool move_point(Mapping& mapping, const MappingPoint& point, glm::dvec2 place) {
  if (!exists(mapping, point) || !std::isfinite(place.x) || !std::isfinite(place.y)) return false;
  const auto index = static_cast<std::size_t>(point.index);
  if (point.kind == Kind::kCorner) {
    Quad quad = mapping.corners;
    quad[index] = within(place);
    if (!is_sane(quad)) return false;
    mapping.corners = quad;
  } else if (point.kind == Kind::kMesh) {
    const glm::dvec2 pinned = apply(homography(mapping.corners), mesh_place(mapping.mesh, point.index));
    mapping.mesh.bend.resize(mesh_size(mapping.mesh), glm::dvec2(0.0));
    mapping.mesh.bend[index] = glm::clamp(place - pinned, -kMaxBend, kMaxBend);
  } else {
    mapping.masks[static_cast<std::size_t>(point.mask)].points[index] = within(place);
  }
  return true;
}

}  // namespace ombra::stage
