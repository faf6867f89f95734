#include "gfx/texture.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace ombra::gfx {

int mip_levels(int width, int height) { return std::bit_width(static_cast<unsigned>(std::max({width, height, 1}))); }

Texture::Texture(GLenum format, int width, int height, int layers, int levels, Wrap wrap)
    : format_(format), width_(width), height_(height), layers_(layers), levels_(levels) {
  OMBRA_ASSERT(width > 0 && height > 0 && layers >= 0 && levels >= 1);
  GLuint name = 0;
  glGenTextures(1, &name);
  name_ = TextureHandle(name);
  glBindTexture(target(), name);
  if (format == GL_BGRA) {
    OMBRA_ASSERT(layers == 0 && levels == 1);
    glTexImage2D(target(), 0, GL_RGBA, width, height, 0, GL_BGRA, GL_UNSIGNED_INT_8_8_8_8_REV, nullptr);
    glTexParameteri(target(), GL_TEXTURE_MAX_LEVEL, 0);
  } else if (layers > 0) {
    glTexStorage3D(target(), levels, format, width, height, layers);
  } else {
    glTexStorage2D(target(), levels, format, width, height);
  }
  const GLint edge = wrap == Wrap::kRepeat ? GL_REPEAT : GL_CLAMP_TO_EDGE;
  glTexParameteri(target(), GL_TEXTURE_WRAP_S, edge);
  glTexParameteri(target(), GL_TEXTURE_WRAP_T, edge);
  glTexParameteri(target(), GL_TEXTURE_MIN_FILTER, levels > 1 ? GL_LINEAR_MIPMAP_LINEAR : GL_LINEAR);
  glTexParameteri(target(), GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  gl_check("texture");
}

void Texture::bind(int unit) const {
  glActiveTexture(GL_TEXTURE0 + unit);
  glBindTexture(target(), name_.get());
}

void Texture::fill_rgba8(std::span<const std::uint8_t> pixels) {
  OMBRA_ASSERT(layers_ == 0 && pixels.size() == static_cast<std::size_t>(width_) * height_ * 4);
  glBindTexture(target(), name_.get());
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  glTexSubImage2D(target(), 0, 0, 0, width_, height_, GL_RGBA, GL_UNSIGNED_BYTE, pixels.data());
  if (levels_ > 1) glGenerateMipmap(target());
  gl_check("texture pixels");
}

void Texture::fill_level(int level, std::span<const std::uint8_t> rgba8) {
  const int width = std::max(1, width_ >> level), height = std::max(1, height_ >> level);
  OMBRA_ASSERT(layers_ == 0 && level < levels_ && rgba8.size() == static_cast<std::size_t>(width) * height * 4);
  glBindTexture(target(), name_.get());
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  glTexSubImage2D(target(), level, 0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, rgba8.data());
  gl_check("texture pixels");
}

void Texture::make_mipmaps() {
  glBindTexture(target(), name_.get());
  glGenerateMipmap(target());
}

FloatUploader::FloatUploader() {
  GLuint name = 0;
  glGenBuffers(1, &name);
  buffer_ = BufferHandle(name);
}

void FloatUploader::upload(Texture& array, std::span<const float> values) {
  const std::size_t layer = static_cast<std::size_t>(array.width()) * array.height();
  const std::size_t layers = std::min(values.size() / layer, static_cast<std::size_t>(array.layers()));
  if (layers == 0) return;
  const GLsizeiptr bytes = static_cast<GLsizeiptr>(layers * layer * sizeof(float));
  glBindBuffer(GL_PIXEL_UNPACK_BUFFER, buffer_.get());
  glBufferData(GL_PIXEL_UNPACK_BUFFER, bytes, nullptr, GL_STREAM_DRAW);
  void* memory = glMapBufferRange(GL_PIXEL_UNPACK_BUFFER, 0, bytes, GL_MAP_WRITE_BIT | GL_MAP_INVALIDATE_BUFFER_BIT);
  if (memory == nullptr) gl_check("mapping of the upload buffer");
  if (memory != nullptr) {
    std::memcpy(memory, values.data(), static_cast<std::size_t>(bytes));
    glUnmapBuffer(GL_PIXEL_UNPACK_BUFFER);
    glBindTexture(array.target(), array.get());
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    glTexSubImage3D(array.target(), 0, 0, 0, 0, array.width(), array.height(), static_cast<GLsizei>(layers), GL_RED,
                    GL_FLOAT, nullptr);
  }
  glBindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
}

}  // namespace ombra::gfx
