#pragma once
// Textures: a 2-D picture, or an array of equal pictures, with fixed format and size.
// Thread: render only.

#include "gfx/gl.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace ombra::gfx {

enum class Wrap { kClamp, kRepeat };

class Texture {
 public:
  Texture() = default;
  // format: sized internal format (GL_R16F, GL_R32F, GL_RGBA8, GL_RGBA16F, ...), or GL_BGRA: 8-bit RGBA in the order
  // that displays have, for a 2-D texture of one level; a software renderer enlarges it much faster. Linear filtering.
  // layers 0: GL_TEXTURE_2D; more: GL_TEXTURE_2D_ARRAY. levels: of the mip chain, 1 = none.
  Texture(GLenum format, int width, int height, int layers = 0, int levels = 1, Wrap wrap = Wrap::kClamp);

  void bind(int unit) const;
  // Level 0 of a 2-D texture from 8-bit RGBA pixels in client memory, then the mip chain. For set-up, not per frame.
  void fill_rgba8(std::span<const std::uint8_t> pixels);
  // One level alone, whose sides are those of the picture halved so often, at least 1.
  void fill_level(int level, std::span<const std::uint8_t> rgba8);
  void make_mipmaps();

  GLuint get() const { return name_.get(); }
  GLenum target() const { return layers_ > 0 ? GL_TEXTURE_2D_ARRAY : GL_TEXTURE_2D; }
  int width() const { return width_; }
  int height() const { return height_; }
  int layers() const { return layers_; }
  int levels() const { return levels_; }
  GLenum format() const { return format_; }

 private:
  TextureHandle name_;
  GLenum format_ = 0;
  int width_ = 0, height_ = 0, layers_ = 0, levels_ = 1;
};

// The number of levels of a full mip chain.
int mip_levels(int width, int height);

// Streams float pictures into a texture array. Each upload goes through a freshly orphaned buffer, so the driver copies
// from it in its own time and the render thread never waits for a picture that is still being drawn.
class FloatUploader {
 public:
  FloatUploader();
  // values: layers x height x width floats, as many whole layers as the span holds (<= texture.layers()).
  void upload(Texture& array, std::span<const float> values);

 private:
  BufferHandle buffer_;
};

}  // namespace ombra::gfx
