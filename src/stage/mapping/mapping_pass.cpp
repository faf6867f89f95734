#include "stage/mapping/mapping_pass.hpp"

#include "stage/mapping/mapping_mesh.hpp"
#include "stage/mapping/mapping_shader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

namespace ombra::stage {
namespace {

constexpr double kRimPixels = 1.5;  // drawn beside the surface, for its smooth edge
constexpr double kReduced = 1.5;    // pixels of the picture for one of the output, from which the mean of them is taken

enum Switch : unsigned { kReduces = 1, kEnlarges = 2, kRimmed = 4, kMasked = 8, kColoured = 16, kBlended = 32 };
constexpr std::array<std::pair<unsigned, const char*>, 6> kSwitches = {{{kReduces, "REDUCES"},
                                                                        {kEnlarges, "ENLARGES"},
                                                                        {kRimmed, "RIMMED"},
                                                                        {kMasked, "MASKED"},
                                                                        {kColoured, "COLOURED"},
                                                                        {kBlended, "BLENDED"}}};

// The switches as text before the shader. fixed: as constants, those that are `on` true.
std::string switch_text(bool fixed, unsigned on) {
  std::string text;
  for (const auto& [bit, name] : kSwitches)
    text +=
        fixed ? fmt::format("const bool {} = {};\n", name, (on & bit) != 0) : fmt::format("uniform bool {};\n", name);
  return text;
}

template <typename Name>
GLuint made(Name make) {
  GLuint name = 0;
  make(1, &name);
  return name;
}

glm::vec4 both(glm::dvec2 a, glm::dvec2 b) { return {a, b}; }

// Does the picture fill the output, edge by edge, so that nothing beside it is to be drawn black?
bool covers(const Mapping& m, const SlicePlace& slice) {
  const glm::dvec2 low = slice.offset, high = slice.scale + slice.offset;
  constexpr double kNear = 1e-6;
  return m.corners == kWholeQuad && m.mesh.straight() && low.x > -kNear && low.y > -kNear && high.x < 1.0 + kNear &&
         high.y < 1.0 + kNear;
}

// Which of kReduces and kEnlarges is met somewhere on the output.
unsigned scales(const Mapping& mapping, const PicturePlace& place, glm::dvec2 picture, glm::dvec2 output) {
  constexpr int kLooks = 16;
  constexpr double kStep = 1e-4, kMargin = 1.05;  // between two looks there may be a little more or less
  const Surface surface(mapping);
  double least = 1e9, most = 0.0;
  for (int y = 0; y <= kLooks; ++y) {
    for (int x = 0; x <= kLooks; ++x) {
      const glm::dvec2 at = glm::dvec2(x, y) / static_cast<double>(kLooks), here = surface.at(at) * output;
      // pixels of the output for a step on the surface, and those of the picture: their quotient turned round
      const glm::dvec2 right = (surface.at(at + glm::dvec2(kStep, 0.0)) * output - here) / kStep;
      const glm::dvec2 down = (surface.at(at + glm::dvec2(0.0, kStep)) * output - here) / kStep;
      const glm::dmat2 seen(right, down), of_picture(place.right * picture, place.down * picture);
      const double area = glm::determinant(seen);
      if (std::abs(area) < 1e-6) return kReduces | kEnlarges;
      const glm::dmat2 each = of_picture * glm::inverse(seen);
      const double scale = std::max(glm::length(each[0]), glm::length(each[1]));
      least = std::min(least, scale), most = std::max(most, scale);
    }
  }
  return (most * kMargin > kReduced ? kReduces : 0u) | (least < kReduced * kMargin ? kEnlarges : 0u);
}

}  // namespace

MappingPass::MappingPass()
    : software_(gfx::draws_in_software()),
      array_(made(glGenVertexArrays)),
      vertices_(made(glGenBuffers)),
      indices_(made(glGenBuffers)),
      source_(made(glGenFramebuffers)),
      sampler_(made(glGenSamplers)) {
  glBindVertexArray(array_.get());
  glBindBuffer(GL_ARRAY_BUFFER, vertices_.get());
  glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, indices_.get());
  const auto attribute = [](GLuint index, GLint size, std::size_t offset) {
    glEnableVertexAttribArray(index);
    glVertexAttribPointer(index, size, GL_FLOAT, GL_FALSE, sizeof(MeshVertex), reinterpret_cast<const void*>(offset));
  };
  attribute(0, 4, offsetof(MeshVertex, position));
  attribute(1, 2, offsetof(MeshVertex, place));
  glBindVertexArray(0);
  for (const GLenum filter : {GL_TEXTURE_MIN_FILTER, GL_TEXTURE_MAG_FILTER})
    glSamplerParameteri(sampler_.get(), filter, GL_LINEAR);
  for (const GLenum wrap : {GL_TEXTURE_WRAP_S, GL_TEXTURE_WRAP_T})
    glSamplerParameteri(sampler_.get(), wrap, GL_CLAMP_TO_EDGE);
  gfx::gl_check("mapping");
  switches_ = kEnlarges;
  program();  // what does not compile says so now
}

const gfx::Program& MappingPass::program() {
  const unsigned key = software_ ? switches_ : 0;
  auto at = programs_.find(key);
  if (at == programs_.end()) {
    const gfx::ShaderSource asked{"mapping, switches", switch_text(software_, switches_)};
    at = programs_
             .emplace(key, gfx::Program({{"mapping, corners", kMappingCorners}},
                                        {asked, {"mapping, filter", kMappingFilter}, {"mapping", kMappingColours}}))
             .first;
  }
  return at->second;
}

void MappingPass::draw(GLuint picture, int width, int height, const gfx::Surface& target, const Mapping& mapping) {
  if (width <= 0 || height <= 0 || target.width <= 0 || target.height <= 0) return;
  glDisable(GL_SCISSOR_TEST);
  const bool changed = mapping != asked_ || width != picture_width_ || height != picture_height_ ||
                       target.width != width_ || target.height != height_;
  if (changed) {
    prepare(mapping, width, height, target);
  } else if (baker_.busy()) {
    refine();
  }
  if (plain_ && width == target.width && height == target.height) return copy(picture, target);
  glBindFramebuffer(GL_FRAMEBUFFER, target.framebuffer);
  glViewport(0, 0, target.width, target.height);
  for (const GLenum state : {GL_DEPTH_TEST, GL_CULL_FACE, GL_FRAMEBUFFER_SRGB, GL_BLEND}) glDisable(state);
  if (!covers_) {
    glClearColor(0.0f, 0.0f, 0.0f, 1.0f);
    glClear(GL_COLOR_BUFFER_BIT);
  }
  program_ = &program();
  program_->use();
  set_uniforms();
  if (masked_) mask_.bind(1);
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D, picture);
  glBindSampler(0, sampler_.get());
  glBindVertexArray(array_.get());
  glDrawElements(GL_TRIANGLES, count_, GL_UNSIGNED_INT, nullptr);
  glBindVertexArray(0);
  glBindSampler(0, 0);
  glUseProgram(0);
}

void MappingPass::prepare(const Mapping& mapping, int width, int height, const gfx::Surface& target) {
  const bool resized = target.width != width_ || target.height != height_;
  picture_width_ = width, picture_height_ = height, width_ = target.width, height_ = target.height;
  asked_ = mapping;
  mapping_ = sane(mapping);
  plain_ = is_plain(mapping_);
  const double shape = static_cast<double>(width) / height, output_shape = static_cast<double>(width_) / height_;
  slice_ = slice_place(mapping_, shape, output_shape);
  place_ = picture_place(mapping_, shape, output_shape);
  covers_ = covers(mapping_, slice_);
  const glm::dvec2 rim = covers_ ? glm::dvec2(0.0) : mesh_rim(mapping_, width_, height_, kRimPixels);
  const MeshTriangles triangles = mesh_triangles(mapping_, rim);
  count_ = static_cast<GLsizei>(triangles.indices.size());
  const auto fill = [](GLenum target_buffer, GLuint name, const auto& values) {
    glBindBuffer(target_buffer, name);
    glBufferData(target_buffer, static_cast<GLsizeiptr>(values.size() * sizeof(values[0])), values.data(),
                 GL_DYNAMIC_DRAW);
  };
  glBindVertexArray(array_.get());
  fill(GL_ARRAY_BUFFER, vertices_.get(), triangles.vertices);
  fill(GL_ELEMENT_ARRAY_BUFFER, indices_.get(), triangles.indices);
  glBindVertexArray(0);
  if (resized || mapping_.masks != baked_) bake();
  const bool blended = std::ranges::any_of(mapping_.blends, [](const Blend& blend) { return blend.width > 0.0; });
  switches_ = scales(mapping_, place_, glm::dvec2(width, height), glm::dvec2(width_, height_)) |
              (covers_ ? 0u : kRimmed) | (masked_ ? kMasked : 0u) | (mapping_.colours == Colours{} ? 0u : kColoured) |
              (blended ? kBlended : 0u);
}

// A point that is dragged moves every frame: so much work is done at once as a frame has time for.
void MappingPass::bake() {
  baked_ = mapping_.masks;
  baker_.begin(baked_, width_, height_);
  if (baker_.work() > kMaskMoveWork) return show_mask(mask_picture(baked_, width_, height_, kMaskMoveWork));
  while (baker_.busy()) baker_.step(kMaskMoveWork);
  show_mask(baker_.picture());
}

void MappingPass::refine() {
  baker_.step(kMaskStepWork);
  if (!baker_.busy()) show_mask(baker_.picture());
}

void MappingPass::show_mask(const MaskPicture& picture) {
  masked_ = picture.width > 0;
  if (!masked_) {
    mask_ = {};
    return;
  }
  if (mask_.width() != picture.width || mask_.height() != picture.height)
    mask_ = gfx::Texture(GL_R8, picture.width, picture.height);
  mask_.bind(1);
  glBindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, picture.width, picture.height, GL_RED, GL_UNSIGNED_BYTE,
                  picture.values.data());
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
}

void MappingPass::set_uniforms() const {
  const Mapping& m = mapping_;
  for (const auto& [bit, name] : kSwitches) program_->set(name, (switches_ & bit) != 0 ? 1 : 0);
  program_->set("u_picture", 0);
  program_->set("u_mask", 1);
  program_->set("u_size", glm::vec2(picture_width_, picture_height_));
  program_->set("u_output", glm::vec2(width_, height_));
  program_->set("u_across", both(place_.right, place_.down));
  program_->set("u_origin", glm::vec2(place_.origin));
  program_->set("u_slice", both(slice_.scale, slice_.offset));
  const Colours& c = m.colours;
  const glm::dvec4 curve{c.contrast, 0.5 - 0.5 * c.contrast + c.brightness, 1.0 / c.gamma, 0.0};
  program_->set("u_curve", glm::vec4(curve));
  program_->set("u_gains", glm::vec4(c.gains, 1.0));
  glm::vec4 widths, curves;
  for (int i = 0; i < kSides; ++i) {
    const Blend& blend = m.blends[static_cast<std::size_t>(i)];
    widths[i] = blend.width > 0.0 ? static_cast<float>(blend.width) : -1.0f;
    curves[i] = static_cast<float>(blend.curve);
  }
  program_->set("u_blend_widths", widths);
  program_->set("u_blend_curves", curves);
  program_->set("u_light", static_cast<float>(1.0 / m.light_gamma));
}

void MappingPass::copy(GLuint picture, const gfx::Surface& target) const {
  glBindFramebuffer(GL_READ_FRAMEBUFFER, source_.get());
  glFramebufferTexture2D(GL_READ_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, picture, 0);
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, target.framebuffer);
  glBlitFramebuffer(0, 0, target.width, target.height, 0, 0, target.width, target.height, GL_COLOR_BUFFER_BIT,
                    GL_NEAREST);
  glFramebufferTexture2D(GL_READ_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, 0, 0);
  glBindFramebuffer(GL_FRAMEBUFFER, target.framebuffer);
}

}  // namespace ombra::stage
