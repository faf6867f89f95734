#include "gfx/gl.hpp"

#include "core/error.hpp"
#include "core/log.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace ombra::gfx {
namespace {

std::string error_name(GLenum code) {
  switch (code) {
    case GL_INVALID_ENUM:
      return "invalid enum";
    case GL_INVALID_VALUE:
      return "invalid value";
    case GL_INVALID_OPERATION:
      return "invalid operation";
    case GL_INVALID_FRAMEBUFFER_OPERATION:
      return "incomplete framebuffer";
    case GL_OUT_OF_MEMORY:
      return "out of graphics memory";
    default:
      return fmt::format("error 0x{:04x}", code);
  }
}

void APIENTRY on_message(GLenum, GLenum type, GLuint id, GLenum severity, GLsizei, const GLchar* text, const void*) {
  if (severity == GL_DEBUG_SEVERITY_NOTIFICATION || severity == GL_DEBUG_SEVERITY_LOW) return;
  log::log(type == GL_DEBUG_TYPE_ERROR ? log::level::err : log::level::debug, "OpenGL [{}]: {}", id, text);
}

}  // namespace

void gl_check(std::string_view what) {
  const GLenum first = glGetError();
  if (first == GL_NO_ERROR) return;
  for (int i = 0; i < 16 && glGetError() != GL_NO_ERROR; ++i) {
  }
  throw error("OpenGL: {} in {}\nhint: update the graphics driver, or try software OpenGL: LIBGL_ALWAYS_SOFTWARE=1",
              error_name(first), what);
}

bool is_software(std::string_view renderer) {
  constexpr std::string_view kNames[] = {"llvmpipe", "softpipe", "swrast", "SWR", "SwiftShader", "Software"};
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](std::string_view name) { return renderer.find(name) != renderer.npos; });
}

bool draws_in_software() {
  const auto* name = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
  return name != nullptr && is_software(name);
}

void log_gl_messages() {
  glEnable(GL_DEBUG_OUTPUT);
  glEnable(GL_DEBUG_OUTPUT_SYNCHRONOUS);
  glDebugMessageCallback(on_message, nullptr);
}

EmptyVertices::EmptyVertices() {
  GLuint name = 0;
  glGenVertexArrays(1, &name);
  array_ = VertexArrayHandle(name);
}

void EmptyVertices::draw_fullscreen() const {
  glBindVertexArray(array_.get());
  glDrawArrays(GL_TRIANGLES, 0, 3);
}

void EmptyVertices::draw_quads(int instances) const {
  glBindVertexArray(array_.get());
  glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, instances);
}

}  // namespace ombra::gfx
