#include "gfx/program.hpp"

#include "core/frames.hpp"
#include "core/number.hpp"

#include <regex>
#include <string_view>

namespace ombra::gfx {
namespace {

std::string trimmed(std::string text) {
  while (!text.empty() && std::string_view(" \t\r\n\v\f").find(text.back()) != std::string_view::npos) text.pop_back();
  return text;
}

// The texts of a shader are told apart by their line numbers: not every driver (Mesa 22) repeats #line's source number.
constexpr int kApart = 100'000;

[[noreturn]] void fail(const std::vector<ShaderSource>& sources, const std::string& log) {
  const LogPlace place = first_error(log);
  const int source = place.line / kApart;  // 0: what stands before them all
  const bool known = source >= 1 && source <= static_cast<int>(sources.size());
  throw ShaderError(known ? sources[static_cast<std::size_t>(source) - 1].name : sources.back().name,
                    known ? place.line % kApart : 0,
                    place.message.empty() ? "the driver gives no reason" : place.message);
}

// What the driver says of a shader or a program. number, text: OpenGL's own questions about one.
template <typename Number, typename Text>
std::string log_of(GLuint name, Number number, Text text) {
  GLint length = 0;
  number(name, GL_INFO_LOG_LENGTH, &length);
  std::string log(static_cast<std::size_t>(length) + 1, '\0');
  text(name, length, nullptr, log.data());
  return log.c_str();
}

ShaderHandle compile(GLenum kind, const std::vector<ShaderSource>& sources) {
  std::string text = fmt::format("#version 430 core\n#define MAX_DANCERS {}\n", kMaxDancers);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    text += fmt::format("#line {}\n{}\n", (i + 1) * kApart + 1, sources[i].text);
  }
  ShaderHandle shader(glCreateShader(kind));
  const char* pointer = text.c_str();
  glShaderSource(shader.get(), 1, &pointer, nullptr);
  glCompileShader(shader.get());
  GLint good = 0;
  glGetShaderiv(shader.get(), GL_COMPILE_STATUS, &good);
  if (!good) fail(sources, log_of(shader.get(), glGetShaderiv, glGetShaderInfoLog));
  return shader;
}

}  // namespace

ShaderError::ShaderError(std::string file, int line, std::string message)
    : Error(fmt::format("{}:{}: {}\nhint: the last picture that worked stays on; save the file again when it is fixed",
                        file, line, message)),
      file_(std::move(file)),
      line_(line),
      message_(std::move(message)) {}

LogPlace first_error(std::string_view log) {
  static const std::regex kPlace(R"(^\s*(?:ERROR:\s*)?(\d+)(?::|\()(\d+)\)?(?:\(\d+\))?\s*:?\s*(.*)$)",
                                 std::regex::icase);
  static const std::regex kWord("error", std::regex::icase);
  LogPlace found;
  std::string first_line;
  for (std::size_t begin = 0; begin < log.size();) {
    const std::size_t end = std::min(log.find('\n', begin), log.size());
    const std::string line = trimmed(std::string(log.substr(begin, end - begin)));
    begin = end + 1;
    if (line.empty()) continue;
    if (first_line.empty()) first_line = line;
    std::smatch match;
    if (std::regex_search(line, kWord) && std::regex_match(line, match, kPlace) && match[1].length() < 6 &&
        match[2].length() < 7) {
      found.source = static_cast<int>(parse_integer(match[1].str()).value_or(0));
      found.line = static_cast<int>(parse_integer(match[2].str()).value_or(0));
      found.message = match[3];
      return found;
    }
  }
  found.message = first_line;
  return found;
}

Program::Program(const std::vector<ShaderSource>& vertex, const std::vector<ShaderSource>& fragment)
    : name_(glCreateProgram()) {
  const ShaderHandle first = compile(GL_VERTEX_SHADER, vertex);
  const ShaderHandle second = compile(GL_FRAGMENT_SHADER, fragment);
  glAttachShader(name_.get(), first.get());
  glAttachShader(name_.get(), second.get());
  link(fragment);
  glDetachShader(name_.get(), first.get());
  glDetachShader(name_.get(), second.get());
}

Program::Program(const std::vector<ShaderSource>& compute) : name_(glCreateProgram()) {
  const ShaderHandle shader = compile(GL_COMPUTE_SHADER, compute);
  glAttachShader(name_.get(), shader.get());
  link(compute);
  glDetachShader(name_.get(), shader.get());
}

void Program::link(const std::vector<ShaderSource>& blamed) const {
  glLinkProgram(name_.get());
  GLint good = 0;
  glGetProgramiv(name_.get(), GL_LINK_STATUS, &good);
  if (!good) fail(blamed, log_of(name_.get(), glGetProgramiv, glGetProgramInfoLog));
}

}  // namespace ombra::gfx
