#pragma once
// GLSL programs, put together from several source texts so that no #include is needed: each text keeps its own name and
// line numbers, and an error says where in which file.
// Thread: render only.

#include "core/error.hpp"
#include "gfx/gl.hpp"

#include <glm/glm.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ombra::gfx {

// One source text; name is what errors call it.
struct ShaderSource {
  std::string name, text;
};

// A shader that does not compile or link. what() = "file:line: message\nhint: ..."; line 0: unknown.
class ShaderError : public Error {
 public:
  ShaderError(std::string file, int line, std::string message);
  const std::string& file() const { return file_; }
  int line() const { return line_; }
  const std::string& message() const { return message_; }

 private:
  std::string file_;
  int line_;
  std::string message_;
};

// Where the first error of a driver's log is. Understands Mesa "0:12(5): error: ...", NVIDIA "0(12) : error ...",
// AMD and Apple "ERROR: 0:12: ...". source -1: the log names no place.
struct LogPlace {
  int source = -1, line = 0;
  std::string message;
};
LogPlace first_error(std::string_view log);

class Program {
 public:
  Program() = default;
  // The texts of each stage are joined behind "#version 430 core"; none may have a #version of its own.
  // Throws ShaderError.
  Program(const std::vector<ShaderSource>& vertex, const std::vector<ShaderSource>& fragment);
  // The same of a compute shader.
  explicit Program(const std::vector<ShaderSource>& compute);

  void use() const { glUseProgram(name_.get()); }
  GLuint get() const { return name_.get(); }
  explicit operator bool() const { return static_cast<bool>(name_); }
  // Uniforms by name; a name that the driver has optimised away is ignored. The program must be in use.
  void set(const char* name, int value) const { glUniform1i(location(name), value); }
  void set(const char* name, float value) const { glUniform1f(location(name), value); }
  void set(const char* name, glm::vec2 value) const { glUniform2f(location(name), value.x, value.y); }
  void set(const char* name, glm::vec4 value) const { glUniform4f(location(name), value.x, value.y, value.z, value.w); }

 private:
  GLint location(const char* name) const { return glGetUniformLocation(name_.get(), name); }
  void link(const std::vector<ShaderSource>& blamed) const;
  ProgramHandle name_;
};

}  // namespace ombra::gfx
