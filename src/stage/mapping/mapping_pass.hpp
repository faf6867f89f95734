#pragma once
// Draws a finished picture through a mapping into an output: one pass, in which each pixel of the output is drawn once.
// A silhouette keeps its edge: enlarged with a Catmull-Rom filter, reduced by the mean of what a pixel covers. A plain
// mapping is a copy. Everything beside the picture is black. Thread: render only.

#include "gfx/framebuffer.hpp"
#include "gfx/program.hpp"
#include "stage/mapping/mapping.hpp"
#include "stage/mapping/mapping_masks.hpp"

#include <map>
#include <vector>

namespace ombra::stage {

class MappingPass {
 public:
  // Throws ShaderError where the driver does not understand its shaders, which are part of the program.
  MappingPass();

  // picture: an RGBA8 texture with rows from below, width x height pixels, none that the target is. mapping: any; it is
  // made sane, and what hangs on it is made anew, when it or the sizes have changed. Masks that take long are coarse at
  // first, and fine some frames later.
  void draw(GLuint picture, int width, int height, const gfx::Surface& target, const Mapping& mapping);
  void draw(const gfx::Texture& picture, const gfx::Surface& target, const Mapping& mapping) {
    draw(picture.get(), picture.width(), picture.height(), target, mapping);
  }

 private:
  void prepare(const Mapping& mapping, int width, int height, const gfx::Surface& target);
  void bake();
  void refine();
  void show_mask(const MaskPicture& picture);
  void set_uniforms() const;
  const gfx::Program& program();
  void copy(GLuint picture, const gfx::Surface& target) const;

  // by the switches that are on: of a graphics card one for all, of a software renderer one for each set of them
  std::map<unsigned, gfx::Program> programs_;
  const gfx::Program* program_ = nullptr;  // in use
  bool software_;
  gfx::VertexArrayHandle array_;
  gfx::BufferHandle vertices_, indices_;
  gfx::FramebufferHandle source_;  // for copies
  static void delete_sampler(GLuint name) { glDeleteSamplers(1, &name); }
  gfx::Handle<delete_sampler> sampler_;
  gfx::Texture mask_;

  Mapping asked_, mapping_;  // as it was given last, and made sane
  int picture_width_ = 0, picture_height_ = 0, width_ = 0, height_ = 0;
  SlicePlace slice_;
  PicturePlace place_;
  std::vector<Mask> baked_;  // that mask_ shows, coarsely while baker_ is busy
  MaskBaker baker_;
  GLsizei count_ = 0;  // of indices
  unsigned switches_ = 0;
  bool plain_ = true, covers_ = false, masked_ = false;
};

}  // namespace ombra::stage
