#pragma once
// The points of a mapping that a hand moves: corners, mesh points, points of masks. Places: of the output.
// Thread: any.

#include "stage/mapping.hpp"

#include <cmath>
#include <optional>
#include <vector>

namespace ombra::stage {

struct MappingPoint {
  enum class Kind { kNone, kCorner, kMesh, kMask };
  Kind kind = Kind::kNone;
  int index = 0;  // of the corner, as in Quad; of the mesh point, row by row; of the mask's point
  int mask = 0;   // its number
  bool operator==(const MappingPoint&) const = default;
};

// All of them: corners, then mesh points (none of a mesh of 2 x 2 that is straight: these are the corners), then masks.
std::vector<MappingPoint> mapping_points(const Mapping& mapping);
// -> nothing where there is no such point. mapping: a sane one
std::optional<glm::dvec2> place_of(const Mapping& mapping, const MappingPoint& point);
// Puts the point there, or as near as its range lets it. -> false, and nothing has changed, where there is no such
// point, or where the corners would span nothing that can be seen
bool move_point(Mapping& mapping, const MappingPoint& point, glm::dvec2 place);

}  // namespace ombra::stage
