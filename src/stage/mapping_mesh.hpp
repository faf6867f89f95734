#pragma once
// The surface of a mapping as triangles: where its places lie on the output, in perspective, and bent by the mesh.
// Thread: any.

#include "stage/mapping.hpp"

#include <vector>

namespace ombra::stage {

// Where the places of a surface lie on the output.
class Surface {
 public:
  explicit Surface(const Mapping& mapping);  // a sane one
  // place: of the surface, 0..1, or a little beside it. -> x * w, y * w, w: of the output
  glm::dvec3 homogeneous(glm::dvec2 place) const;
  glm::dvec2 at(glm::dvec2 place) const;  // -> of the output
  // Displacement by the mesh alone, shares of the output; passes through the mesh's points.
  glm::dvec2 bend(glm::dvec2 place) const;

 private:
  Homography pin_;
  Mesh mesh_;
  bool straight_;
};

// What OpenGL draws with: position is gl_Position, place that on the surface.
struct MeshVertex {
  glm::vec4 position;
  glm::vec2 place;
};

struct MeshTriangles {
  std::vector<MeshVertex> vertices;
  std::vector<unsigned> indices;  // three a triangle
};

// Two triangles where the mesh is straight, else patches in so many steps that no edge is seen. rim: how far they go
// beyond the surface, in shares of it, so that its edge can be drawn smooth.
MeshTriangles mesh_triangles(const Mapping& mapping, glm::dvec2 rim = {0.0, 0.0});

// -> `pixels` beside the surface on an output of that size, in shares of the surface
glm::dvec2 mesh_rim(const Mapping& mapping, int width, int height, double pixels);

}  // namespace ombra::stage
