#include "gfx/texture.hpp"

#include "gfx/gl_context.hpp"

#include <vector>

namespace ombra::gfx {
namespace {

class TextureTest : public GlTest {};

std::vector<float> read_back(const Texture& array) {
  std::vector<float> values(static_cast<std::size_t>(array.width()) * array.height() * array.layers());
  glBindTexture(array.target(), array.get());
  glGetTexImage(array.target(), 0, GL_RED, GL_FLOAT, values.data());
  return values;
}

TEST_F(TextureTest, UploadedFloatsArriveUnchanged) {
  Texture array(GL_R32F, 5, 5, 3);
  FloatUploader uploader;
  std::vector<float> values(5 * 5 * 3);
  for (int round = 0; round < 4; ++round) {
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<float>(i) * 0.37f - static_cast<float>(round);
    uploader.upload(array, values);
    EXPECT_EQ(read_back(array), values) << "upload " << round;
  }
}

TEST_F(TextureTest, HalfFloatsKeepThreeDigits) {
  Texture array(GL_R16F, 4, 4, 1);
  std::vector<float> values(16);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = -0.08f + 0.01f * static_cast<float>(i);
  FloatUploader().upload(array, values);
  const std::vector<float> back = read_back(array);
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(back[i], values[i], 5e-5f);
}

TEST_F(TextureTest, OnlyWholeLayersAreTaken) {
  Texture array(GL_R32F, 2, 2, 2);
  FloatUploader uploader;
  uploader.upload(array, std::vector<float>(8, 1.0f));
  uploader.upload(array, std::vector<float>(7, 2.0f));
  EXPECT_EQ(read_back(array), (std::vector<float>{2, 2, 2, 2, 1, 1, 1, 1}));
  uploader.upload(array, std::vector<float>(3, 3.0f));
  EXPECT_EQ(read_back(array), (std::vector<float>{2, 2, 2, 2, 1, 1, 1, 1}));
}

TEST(MipLevels, ReachOneTexel) {
  EXPECT_EQ(mip_levels(1, 1), 1);
  EXPECT_EQ(mip_levels(128, 64), 8);
  EXPECT_EQ(mip_levels(3, 5), 3);
}

}  // namespace
}  // namespace ombra::gfx
