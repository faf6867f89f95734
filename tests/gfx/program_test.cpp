#include "gfx/program.hpp"

#include "gfx/framebuffer.hpp"
#include "gfx/gl_context.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace ombra::gfx {
namespace {

const ShaderSource kScreen{"screen.glsl", R"(
void main() { gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0); }
)"};

class ProgramTest : public GlTest {
 protected:
  // -> what is wrong with a program of kScreen and these
  static ShaderError error_of(const std::vector<ShaderSource>& sources) {
    try {
      const Program program({kScreen}, sources);
    } catch (const ShaderError& problem) {
      return problem;
    }
    throw std::runtime_error("it compiled");
  }
};

TEST_F(ProgramTest, DrawsAFullscreenTriangle) {
  const Program program({kScreen}, {{"red.glsl", "uniform float u_red; out vec4 o; void main() { o = vec4(u_red); }"}});
  const Framebuffer picture(GL_RGBA8, 7, 5);
  picture.bind();
  program.use();
  program.set("u_red", 0.6f);
  EmptyVertices().draw_fullscreen();
  const Image image = read_pixels(picture.get(), 7, 5);
  for (std::uint8_t value : image.pixels) EXPECT_EQ(value, 153);
}

TEST_F(ProgramTest, ErrorNamesTheFileAndItsOwnLine) {
  const ShaderSource shared{"shared.glsl", "// one\n// two\nfloat half_of(float x) { return 0.5 * x; }\n"};
  const ShaderSource broken{"broken.glsl", "out vec4 o;\nvoid main() {\n  o = vec4(half_of(one));\n}\n"};
  const ShaderError problem = error_of({shared, broken});
  EXPECT_EQ(problem.file(), "broken.glsl");
  EXPECT_EQ(problem.line(), 3);
  EXPECT_NE(problem.message().find("one"), std::string::npos) << problem.message();
  EXPECT_EQ(std::string(problem.what()).find("broken.glsl:3: "), 0u) << problem.what();
}

TEST_F(ProgramTest, ErrorInASharedFileNamesThatFile) {
  const ShaderSource shared{"shared.glsl", "float a;\nfloat b = ;\n"};
  const ShaderSource good{"good.glsl", "out vec4 o;\nvoid main() { o = vec4(a); }\n"};
  const ShaderError problem = error_of({shared, good});
  EXPECT_EQ(problem.file(), "shared.glsl");
  EXPECT_EQ(problem.line(), 2);
}

TEST_F(ProgramTest, LinkErrorIsReported) {
  const ShaderSource needs{"needs.glsl",
                           "in vec3 v_never_written; out vec4 o; void main() { o = vec4(v_never_written, 1); }"};
  EXPECT_THROW(Program({kScreen}, {needs}), ShaderError);
}

TEST(ShaderLog, IsReadInEveryDriversForm) {
  const LogPlace mesa = first_error("0:7(3): warning: unused\n2:12(5): error: `x' undeclared\n2:13(1): error: more\n");
  EXPECT_EQ(mesa.source, 2);
  EXPECT_EQ(mesa.line, 12);
  EXPECT_EQ(mesa.message, "error: `x' undeclared");
  const LogPlace nvidia = first_error("1(34) : error C1008: undefined variable \"x\"\n");
  EXPECT_EQ(nvidia.source, 1);
  EXPECT_EQ(nvidia.line, 34);
  const LogPlace amd = first_error("ERROR: 1:9: 'x' : undeclared identifier\nERROR: 1 compilation errors.\n");
  EXPECT_EQ(amd.source, 1);
  EXPECT_EQ(amd.line, 9);
  EXPECT_EQ(amd.message, "'x' : undeclared identifier");
}

TEST(ShaderLog, WithoutAPlaceKeepsTheText) {
  const LogPlace place = first_error("\nerror: fragment shader input has no output\n");
  EXPECT_EQ(place.source, -1);
  EXPECT_EQ(place.message, "error: fragment shader input has no output");
  EXPECT_EQ(first_error("").message, "");
  EXPECT_EQ(first_error("99999999999:88888888888: error: big").source, -1);
}

}  // namespace
}  // namespace ombra::gfx
