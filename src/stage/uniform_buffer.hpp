#pragma once
// Buffers that hold one uniform block each, laid out as std140.
// Thread: render only.

#include "gfx/gl.hpp"

namespace ombra::stage {

template <typename T>
gfx::BufferHandle make_uniform_buffer(int binding) {
  GLuint name = 0;
  glGenBuffers(1, &name);
  glBindBuffer(GL_UNIFORM_BUFFER, name);
  glBufferData(GL_UNIFORM_BUFFER, sizeof(T), nullptr, GL_STREAM_DRAW);
  glBindBufferBase(GL_UNIFORM_BUFFER, binding, name);
  return gfx::BufferHandle(name);
}

template <typename T>
void fill(const gfx::BufferHandle& buffer, int binding, const T& values) {
  glBindBuffer(GL_UNIFORM_BUFFER, buffer.get());
  glBufferData(GL_UNIFORM_BUFFER, sizeof(T), &values, GL_STREAM_DRAW);
  glBindBufferBase(GL_UNIFORM_BUFFER, binding, buffer.get());
}

}  // namespace ombra::stage
