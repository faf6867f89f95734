#include "gfx/framebuffer.hpp"

#include "core/error.hpp"
#include "gfx/gl_context.hpp"

#include <utility>

namespace ombra::gfx {
namespace {

class FramebufferTest : public GlTest {};

TEST_F(FramebufferTest, ReadsRowsFromTheTop) {
  const Framebuffer picture(GL_RGBA8, 8, 4);
  picture.clear(0.0f, 0.0f, 1.0f, 1.0f);
  picture.bind();
  glEnable(GL_SCISSOR_TEST);
  glScissor(0, 3, 8, 1);  // OpenGL counts rows from below: this is the top one
  picture.clear(1.0f, 0.0f, 0.0f, 1.0f);
  glDisable(GL_SCISSOR_TEST);
  const Image image = read_pixels(picture.get(), 8, 4);
  ASSERT_EQ(image.pixels.size(), 8u * 4u * 3u);
  EXPECT_EQ(image.pixels[0], 255);
  EXPECT_EQ(image.pixels[2], 0);
  EXPECT_EQ(image.pixels[3 * 8 * 1 + 0], 0);
  EXPECT_EQ(image.pixels[3 * 8 * 1 + 2], 255);
}

TEST_F(FramebufferTest, ReadsOddWidthsWithoutPadding) {
  const Framebuffer picture(GL_RGBA8, 5, 3);
  picture.clear(0.2f, 0.4f, 0.6f, 1.0f);
  const Image image = read_pixels(picture.get(), 5, 3);
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    EXPECT_EQ(image.pixels[i], 51);
    EXPECT_EQ(image.pixels[i + 1], 102);
    EXPECT_EQ(image.pixels[i + 2], 153);
  }
}

TEST_F(FramebufferTest, ResizesOnlyWhenTheSizeChanges) {
  Framebuffer picture(GL_R16F, 16, 16, mip_levels(16, 16));
  const GLuint before = picture.texture().get();
  EXPECT_FALSE(picture.resize(16, 16));
  EXPECT_EQ(picture.texture().get(), before);
  EXPECT_TRUE(picture.resize(32, 8));
  EXPECT_EQ(picture.width(), 32);
  EXPECT_EQ(picture.height(), 8);
  EXPECT_EQ(picture.texture().levels(), 6);
  EXPECT_TRUE(picture.resize(0, -3)) << "a minimised window has no size";
  EXPECT_EQ(picture.width(), 1);
}

TEST_F(FramebufferTest, MovesItsObjects) {
  Framebuffer first(GL_RGBA8, 4, 4);
  const GLuint name = first.get();
  Framebuffer second = std::move(first);
  EXPECT_EQ(second.get(), name);
  EXPECT_EQ(first.get(), 0u);
  second = Framebuffer(GL_RGBA8, 2, 2);
  EXPECT_FALSE(glIsFramebuffer(name) && second.get() != name) << "the old one is freed";
}

TEST_F(FramebufferTest, GlCheckNamesWhatFailed) {
  glEnable(GL_TEXTURE);  // not an enum of the core profile
  try {
    gl_check("the thing that was tried");
    FAIL() << "no error was seen";
  } catch (const Error& problem) {
    EXPECT_NE(std::string(problem.what()).find("the thing that was tried"), std::string::npos);
    EXPECT_NE(std::string(problem.what()).find("hint:"), std::string::npos);
  }
  EXPECT_NO_THROW(gl_check("nothing"));
}

}  // namespace
}  // namespace ombra::gfx
