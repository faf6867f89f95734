#include "gfx/dimmer.hpp"

namespace ombra::gfx {
namespace {

constexpr const char* kCorners = R"(void main() {
  gl_Position = vec4(vec2((gl_VertexID << 1) & 2, gl_VertexID & 2) * 2.0 - 1.0, 0.0, 1.0);
}
)";
constexpr const char* kBlack = R"(uniform float u_share;
out vec4 colour;
void main() {
  colour = vec4(0.0, 0.0, 0.0, u_share);
}
)";

}  // namespace

Dimmer::Dimmer() : black_({{"dimmer, corners", kCorners}}, {{"dimmer", kBlack}}) {}

void Dimmer::draw(double share, const Surface& surface) const {
  if (share <= 0.0) return;
  glBindFramebuffer(GL_FRAMEBUFFER, surface.framebuffer);
  glDisable(GL_SCISSOR_TEST);
  if (share >= 1.0) {
    glClearColor(0.0f, 0.0f, 0.0f, 1.0f);
    glClear(GL_COLOR_BUFFER_BIT);  // glClearBufferfv leaves Mesa's off-screen windows as they are
    return;
  }
  glViewport(0, 0, surface.width, surface.height);
  for (const GLenum state : {GL_DEPTH_TEST, GL_CULL_FACE, GL_FRAMEBUFFER_SRGB}) glDisable(state);
  glEnable(GL_BLEND);
  glBlendEquation(GL_FUNC_ADD);
  glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ZERO, GL_ONE);  // the window's own alpha stays
  black_.use();
  black_.set("u_share", static_cast<float>(share));
  vertices_.draw_fullscreen();
  glDisable(GL_BLEND);
  glUseProgram(0);
  glBindVertexArray(0);
}

}  // namespace ombra::gfx
