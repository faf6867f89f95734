#include "stage/mapping_marks.hpp"

#include "stage/mapping_mesh.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace ombra::stage {
namespace {

constexpr glm::vec3 kGrid{0.25f, 0.75f, 1.0f}, kMaskLine{1.0f, 0.45f, 0.2f}, kChosen{1.0f, 1.0f, 0.2f};
constexpr double kThin = 1.5, kThick = 3.0;              // pixels at 1080 lines
constexpr double kHandle = 0.008, kLargeHandle = 0.022;  // half a cross, shares of the height
constexpr int kSteps = 24;                               // of a line of the mesh that is bent

constexpr const char* kCorners = R"(layout(location = 0) in vec2 position;
layout(location = 1) in vec3 colour;
out vec3 v_colour;
void main() {
  v_colour = colour;
  gl_Position = vec4(position, 0.0, 1.0);
}
)";
constexpr const char* kLine = R"(in vec3 v_colour;
out vec4 colour;
void main() { colour = vec4(v_colour, 1.0); }
)";

struct Vertex {
  glm::vec2 position;
  glm::vec3 colour;
};

void add_surface(const Mapping& mapping, std::vector<MarkLine>& out) {
  const Surface surface(mapping);
  const bool straight = mapping.mesh.straight();
  const int steps = straight ? 1 : kSteps;
  const auto line = [&](glm::dvec2 from, glm::dvec2 to, double width) {
    glm::dvec2 last = surface.at(from);
    for (int i = 1; i <= steps; ++i) {
      const glm::dvec2 next = surface.at(glm::mix(from, to, static_cast<double>(i) / steps));
      out.push_back({last, next, kGrid, width});
      last = next;
    }
  };
  const auto family = [&](int points, bool upright) {
    for (int i = 0; i < points; ++i) {
      const double at = static_cast<double>(i) / (points - 1), width = i == 0 || i == points - 1 ? kThick : kThin;
      upright ? line({at, 0.0}, {at, 1.0}, width) : line({0.0, at}, {1.0, at}, width);
    }
  };
  family(mapping.mesh.columns, true);
  family(mapping.mesh.rows, false);
}

}  // namespace

std::vector<MarkLine> mapping_marks(const Mapping& mapping, const MappingPoint& selected, double output_shape) {
  std::vector<MarkLine> out;
  add_surface(mapping, out);
  for (const Mask& mask : mapping.masks) {
    for (std::size_t i = 0; i < mask.points.size(); ++i)
      out.push_back({mask.points[i], mask.points[(i + 1) % mask.points.size()], kMaskLine, kThin});
  }
  for (const MappingPoint& point : mapping_points(mapping)) {
    const auto place = place_of(mapping, point);
    if (!place) continue;
    const bool chosen = point == selected, mask = point.kind == MappingPoint::Kind::kMask;
    const glm::vec3 colour = chosen ? kChosen : mask ? kMaskLine : kGrid;
    const double half = chosen ? kLargeHandle : kHandle, width = chosen ? kThick : kThin;
    const glm::dvec2 across{half / output_shape, 0.0}, down{0.0, half};
    out.push_back({*place - across, *place + across, colour, width});
    out.push_back({*place - down, *place + down, colour, width});
  }
  return out;
}

MappingMarks::MappingMarks() : program_({{"mapping marks, corners", kCorners}}, {{"mapping marks", kLine}}) {
  GLuint name = 0;
  glGenVertexArrays(1, &name);
  array_ = gfx::VertexArrayHandle(name);
  glGenBuffers(1, &name);
  vertices_ = gfx::BufferHandle(name);
  glBindVertexArray(array_.get());
  glBindBuffer(GL_ARRAY_BUFFER, vertices_.get());
  glEnableVertexAttribArray(0);
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, sizeof(Vertex), nullptr);
  glEnableVertexAttribArray(1);
  glVertexAttribPointer(1, 3, GL_FLOAT, GL_FALSE, sizeof(Vertex),
                        reinterpret_cast<const void*>(offsetof(Vertex, colour)));
  glBindVertexArray(0);
}

void MappingMarks::draw(const gfx::Surface& target, std::span<const MarkLine> lines) const {
  if (target.width <= 0 || target.height <= 0) return;
  const glm::dvec2 size(target.width, target.height);
  const double scale = std::max(1.0, target.height / 1080.0);
  std::vector<Vertex> vertices;
  for (const MarkLine& line : lines) {
    const glm::dvec2 along = (line.to - line.from) * size;
    const double length = glm::length(along);
    if (!(length > 1e-6)) continue;
    const glm::dvec2 side = glm::dvec2(-along.y, along.x) * (0.5 * line.width * scale / length) / size;
    const auto corner = [&](glm::dvec2 place) {
      vertices.push_back({{2.0 * place.x - 1.0, 1.0 - 2.0 * place.y}, line.colour});
    };
    for (const glm::dvec2 place :
         {line.from - side, line.from + side, line.to - side, line.to - side, line.from + side, line.to + side})
      corner(place);
  }
  glBindFramebuffer(GL_FRAMEBUFFER, target.framebuffer);
  glViewport(0, 0, target.width, target.height);
  for (const GLenum state : {GL_SCISSOR_TEST, GL_DEPTH_TEST, GL_CULL_FACE, GL_FRAMEBUFFER_SRGB, GL_BLEND})
    glDisable(state);
  program_.use();
  glBindVertexArray(array_.get());
  glBindBuffer(GL_ARRAY_BUFFER, vertices_.get());
  glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(vertices.size() * sizeof(Vertex)), vertices.data(),
               GL_STREAM_DRAW);
  glDrawArrays(GL_TRIANGLES, 0, static_cast<GLsizei>(vertices.size()));
  glBindVertexArray(0);
  glUseProgram(0);
}

}  // namespace ombra::stage
