#pragma once
// Lines over an output while its mapping is edited: the surface with its mesh, its points, the masks' outlines.
// Thread: render only; mapping_marks: any.

#include "gfx/framebuffer.hpp"
#include "gfx/program.hpp"
#include "stage/mapping_points.hpp"

#include <span>
#include <vector>

namespace ombra::stage {

struct MarkLine {
  glm::dvec2 from, to;  // of the output
  glm::vec3 colour;     // 0..1
  double width = 1.0;   // in pixels of an output of 1080 lines
};

// output_shape: width by height.
std::vector<MarkLine> mapping_marks(const Mapping& mapping, const MappingPoint& selected, double output_shape);

class MappingMarks {
 public:
  MappingMarks();

  // Over what the target shows.
  void draw(const gfx::Surface& target, std::span<const MarkLine> lines) const;

 private:
  gfx::Program program_;
  gfx::VertexArrayHandle array_;
  gfx::BufferHandle vertices_;
};

}  // namespace ombra::stage
