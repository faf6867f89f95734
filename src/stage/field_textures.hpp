#pragma once
// The dancers' distance fields on the GPU, and the box that each figure fills, so that shaders draw no empty pixels.
// Thread: render only.

#include "core/frames.hpp"
#include "gfx/gl_decoder.hpp"
#include "gfx/texture.hpp"

#include <vector>

namespace ombra::stage {

// A box in picture coordinates: x to the right, y down from the upper left corner, both 0..1.
struct Box {
  float left = 0.0f, top = 0.0f, right = 0.0f, bottom = 0.0f;
  bool empty() const { return right <= left || bottom <= top; }
};

// The smallest box around all samples below `distance`, one sample wider on every side. Empty when there is none.
Box box_around(const float* field, int size, float distance);

class FieldTextures {
 public:
  // Uploads the picture. -> false and nothing changed when its numbers do not fit each other. NaN is drawn as far
  // outside.
  bool upload(const FieldImage& image);

  // Draws fields that lie on the GPU already; what they point to must live until they are given back: then those of the
  // last upload are drawn.
  void borrow(const gfx::GpuFields& fields) { borrowed_ = fields; }
  void give_back() { borrowed_ = {}; }
  // Of borrowed fields the boxes are not known here: written into the uniform block Figures that lies in this buffer.
  // Nothing for uploaded ones.
  void write_boxes(GLuint figures, int count);

  int dancers() const { return borrowed_.texture ? borrowed_.dancers : static_cast<int>(near_.size()); }
  int size() const { return borrowed_.texture ? borrowed_.size : texture_.width(); }
  // of dancer i: where its outline is (half a soft edge included), and where its field says anything at all; of
  // borrowed fields the whole picture
  const Box& near_box(int i) const { return borrowed_.texture ? kWhole : near_[i]; }
  const Box& far_box(int i) const { return borrowed_.texture ? kWhole : far_[i]; }
  void bind(int unit) const;

 private:
  static constexpr Box kWhole{0.0f, 0.0f, 1.0f, 1.0f};
  gfx::GpuFields borrowed_;
  gfx::Program boxes_;
  bool whole_ = false;  // the driver cannot run boxes_
  gfx::Texture texture_;
  gfx::FloatUploader uploader_;
  std::vector<Box> near_, far_;
  std::vector<float> clean_;  // the samples of this picture without NaN
};

// Fields are clamped here, outside and in, in picture heights (20 cm): beyond it a shader knows no distance.
inline constexpr float kFarDistance = 8.0f / 96.0f;
// The widest soft edge, in picture heights to each side of the outline.
inline constexpr float kSoftDistance = 0.035f;

}  // namespace ombra::stage
