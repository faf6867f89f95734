#include "gfx/readback.hpp"

#include "gfx/gl_context.hpp"

#include <vector>

namespace ombra::gfx {
namespace {

class ReadbackTest : public GlTest {
 protected:
  // a picture whose upper half is red and lower half blue
  static Framebuffer halves(int width, int height) {
    Framebuffer picture(GL_RGBA8, width, height);
    picture.clear(0.0f, 0.0f, 1.0f, 1.0f);
    glEnable(GL_SCISSOR_TEST);
    glScissor(0, height / 2, width, height - height / 2);  // OpenGL counts rows from below
    picture.clear(1.0f, 0.0f, 0.0f, 1.0f);
    glDisable(GL_SCISSOR_TEST);
    return picture;
  }

  struct Taken {
    std::vector<std::vector<std::uint8_t>> pictures;
    std::vector<double> tags;
    Readback::Take take = [this](std::span<const std::uint8_t> rgba, double tag) {
      pictures.emplace_back(rgba.begin(), rgba.end());
      tags.push_back(tag);
    };
  };

  // r, g or b (c 0..2) of a pixel; y from the top, while rows come from below
  static int at(const Readback& readback, const std::vector<std::uint8_t>& rgba, int x, int y, int c) {
    return rgba[static_cast<std::size_t>(((readback.height() - 1 - y) * readback.width() + x) * 4 + c)];
  }
};

TEST_F(ReadbackTest, ScalesWhatHasAnotherSize) {
  const Framebuffer picture = halves(64, 36);
  Readback readback(32, 18);
  Taken taken;
  ASSERT_TRUE(readback.copy(picture.surface(), 1.5));
  readback.finish(taken.take);
  ASSERT_EQ(taken.pictures.size(), 1u);
  EXPECT_EQ(taken.tags[0], 1.5);
  for (const int x : {0, 31}) {
    EXPECT_EQ(at(readback, taken.pictures[0], x, 0, 0), 255) << "red is on top";
    EXPECT_EQ(at(readback, taken.pictures[0], x, 17, 2), 255);
  }
  EXPECT_EQ(readback.under_way(), 0u);
}

TEST_F(ReadbackTest, AnotherShapeGetsBlackBars) {
  const Framebuffer picture = halves(40, 40);
  Readback readback(64, 36);
  Taken taken;
  ASSERT_TRUE(readback.copy(picture.surface(), 0.0));
  readback.finish(taken.take);
  const auto& rgba = taken.pictures.at(0);
  for (const int x : {0, 12, 51, 63}) EXPECT_EQ(at(readback, rgba, x, 3, 0), 0) << x;
  for (const int x : {15, 32, 48}) EXPECT_EQ(at(readback, rgba, x, 3, 0), 255) << x;
}

TEST_F(ReadbackTest, TheSourceMayChangeItsSize) {
  Readback readback(32, 18);
  Taken taken;
  for (const auto& [width, height] : {std::pair{64, 36}, {1280, 720}, {32, 18}, {18, 32}, {33, 17}}) {
    const Framebuffer picture = halves(width, height);
    ASSERT_TRUE(readback.copy(picture.surface(), width));
    readback.finish(taken.take);
    EXPECT_EQ(at(readback, taken.pictures.back(), 16, 2, 0), 255) << width;
    EXPECT_EQ(at(readback, taken.pictures.back(), 16, 15, 2), 255) << width;
  }
}

TEST_F(ReadbackTest, PicturesComeInOrderAndAFullRingTakesNoMore) {
  Readback readback(16, 16);
  Taken taken;
  const Framebuffer picture(GL_RGBA8, 16, 16);
  for (std::size_t i = 0; i < Readback::kSlots; ++i) {
    picture.clear(static_cast<float>(i) / 255.0f, 0.0f, 0.0f, 1.0f);
    ASSERT_TRUE(readback.copy(picture.surface(), static_cast<double>(i)));
  }
  EXPECT_FALSE(readback.copy(picture.surface(), 99.0));
  EXPECT_FALSE(readback.copy({picture.get(), 0, 16}, 99.0)) << "a minimised window has no size";
  readback.finish(taken.take);
  ASSERT_EQ(taken.tags.size(), Readback::kSlots);
  for (std::size_t i = 0; i < Readback::kSlots; ++i) {
    EXPECT_EQ(taken.tags[i], static_cast<double>(i));
    EXPECT_EQ(taken.pictures[i][0], i);
  }
  EXPECT_TRUE(readback.copy(picture.surface(), 7.0));
}

TEST_F(ReadbackTest, CollectGivesWhatIsReadyLater) {
  Readback readback(16, 16);
  Taken taken;
  const Framebuffer picture = halves(16, 16);
  ASSERT_TRUE(readback.copy(picture.surface(), 3.0));
  for (int i = 0; i < 1000 && taken.tags.empty(); ++i) readback.collect(taken.take);
  EXPECT_EQ(taken.tags.size(), 1u);
}

}  // namespace
}  // namespace ombra::gfx
