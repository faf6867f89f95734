#pragma once
// OpenGL 4.3 core through libepoxy, and the small things that every GL object here shares: the one error adapter, an
// owning handle, the debug callback, the fullscreen triangle.
// Thread: render only (the thread whose context is current).

#include <epoxy/gl.h>

#include <string_view>
#include <utility>

namespace ombra::gfx {

// Throws Error naming `what` when OpenGL has recorded an error since the last call. Waits for nothing on the GPU.
void gl_check(std::string_view what);

// Does the processor draw, instead of a graphics card, and pay for every pixel? By the renderer's name ...
bool is_software(std::string_view renderer);
// ... and for the current context.
bool draws_in_software();

// Debug builds: driver messages of medium and high severity go to the log. Needs a context with the debug flag.
void log_gl_messages();

// Owns one GL name; Delete is the function that frees it. Move-only.
template <void (*Delete)(GLuint)>
class Handle {
 public:
  Handle() = default;
  explicit Handle(GLuint name) : name_(name) {}
  ~Handle() { reset(); }
  Handle(Handle&& other) noexcept : name_(std::exchange(other.name_, 0)) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      reset();
      name_ = std::exchange(other.name_, 0);
    }
    return *this;
  }
  GLuint get() const { return name_; }
  explicit operator bool() const { return name_ != 0; }

 private:
  void reset() {
    if (name_ != 0) Delete(std::exchange(name_, 0));
  }
  GLuint name_ = 0;
};

inline void delete_buffer(GLuint name) { glDeleteBuffers(1, &name); }
inline void delete_texture(GLuint name) { glDeleteTextures(1, &name); }
inline void delete_sampler(GLuint name) { glDeleteSamplers(1, &name); }
inline void delete_framebuffer(GLuint name) { glDeleteFramebuffers(1, &name); }
inline void delete_vertex_array(GLuint name) { glDeleteVertexArrays(1, &name); }
inline void delete_program(GLuint name) { glDeleteProgram(name); }
inline void delete_shader(GLuint name) { glDeleteShader(name); }

using BufferHandle = Handle<delete_buffer>;
using TextureHandle = Handle<delete_texture>;
using SamplerHandle = Handle<delete_sampler>;
using FramebufferHandle = Handle<delete_framebuffer>;
using VertexArrayHandle = Handle<delete_vertex_array>;
using ProgramHandle = Handle<delete_program>;
using ShaderHandle = Handle<delete_shader>;

// A vertex array without attributes: the vertex shader makes its corners from gl_VertexID.
class EmptyVertices {
 public:
  EmptyVertices();
  // One triangle that covers the viewport: gl_VertexID 0..2 (cheaper than two: no seam, no quads shaded twice).
  void draw_fullscreen() const;
  // `instances` quads as triangle strips: gl_VertexID 0..3, gl_InstanceID.
  void draw_quads(int instances) const;

 private:
  VertexArrayHandle array_;
};

}  // namespace ombra::gfx
