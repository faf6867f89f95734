#include "gfx/window.hpp"

#include "gfx/gl_context.hpp"

namespace ombra::gfx {
namespace {

class WindowTest : public GlTest {};

TEST_F(WindowTest, OffscreenGivesACoreContextOfTheSizeAskedFor) {
  const Window& window = *TestContext::instance().window;
  EXPECT_EQ(window.width(), 320);
  EXPECT_EQ(window.height(), 180);
  EXPECT_TRUE(window.offscreen());
  EXPECT_FALSE(window.renderer().empty());
  EXPECT_GE(epoxy_gl_version(), 43);
  GLint profile = 0;
  glGetIntegerv(GL_CONTEXT_PROFILE_MASK, &profile);
  EXPECT_TRUE(profile & GL_CONTEXT_CORE_PROFILE_BIT);
}

TEST_F(WindowTest, PresentsFramesOffscreen) {
  Window& window = *TestContext::instance().window;
  for (int i = 0; i < 3; ++i) {
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    glClear(GL_COLOR_BUFFER_BIT);
    window.present();
  }
  EXPECT_GT(window.refresh_hz(), 0.0);
  window.set_fullscreen(true);
  EXPECT_FALSE(window.fullscreen()) << "there is no screen to fill";
}

}  // namespace
}  // namespace ombra::gfx
