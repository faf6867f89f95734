#include "drawing/png.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/interrupt.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

namespace ombra {
namespace {

namespace fs = std::filesystem;

TEST(Png, WritesAHeaderThatTellsTheSize) {
  const fs::path path = fs::path(testing::TempDir()) / "ombra_png_test.png";
  for (const int channels : {1, 2, 3, 4}) {
    write_png(path, 5, 300, channels, std::vector<std::uint8_t>(static_cast<std::size_t>(5 * 300 * channels), 9));
    const std::string bytes = read_text(path);
    ASSERT_GT(bytes.size(), 33u);
    EXPECT_EQ(bytes.substr(0, 8), std::string("\x89PNG\r\n\x1a\n"));
    EXPECT_EQ(bytes.substr(12, 12), std::string("IHDR\0\0\0\5\0\0\1\x2c", 12)) << "width 5, height 300";
    const int colour_type[] = {0, 4, 2, 6};
    EXPECT_EQ(bytes[25], colour_type[channels - 1]);
  }
  fs::remove(path);
}

TEST(Png, KeepsAComment) {
  const fs::path path = fs::path(testing::TempDir()) / "ombra_png_comment.png";
  const std::vector<std::uint8_t> pixels(12, 9);
  write_png(path, 2, 2, 3, pixels);
  const std::string plain = read_text(path);
  write_png(path, 2, 2, 3, pixels, "dance");
  // a tEXt chunk of 8 + 5 bytes behind the header; its check sum by Python's zlib.crc32
  EXPECT_EQ(read_text(path), plain.substr(0, 33) + std::string("\0\0\0\15tEXtComment\0dance", 4 + 4 + 13) +
                                 "\xc8\xa4\xf5\xcd" + plain.substr(33));
  fs::remove(path);
}

TEST(Png, RefusesPixelsThatDoNotFit) {
  const fs::path path = fs::path(testing::TempDir()) / "ombra_png_refused.png";
  const std::vector<std::uint8_t> pixels(12);
  EXPECT_THROW(write_png(path, 2, 2, 4, pixels), Error);
  EXPECT_THROW(write_png(path, 0, 2, 3, {}), Error);
  EXPECT_THROW(write_png(path, 2, 2, 5, pixels), Error);
  EXPECT_THROW(write_png(path, 1 << 30, 1 << 30, 4, pixels), Error);
  EXPECT_FALSE(fs::exists(path));
  EXPECT_THROW(write_png("/proc/no/such/folder/a.png", 2, 2, 3, pixels), Error);
}

TEST(Interrupt, CtrlCSetsTheFlag) {
  watch_interrupts();
  EXPECT_FALSE(interrupted());
  std::raise(SIGINT);
  EXPECT_TRUE(interrupted());
  set_interrupted(false);
  EXPECT_FALSE(interrupted());
  EXPECT_EXIT((std::raise(SIGINT), std::raise(SIGINT)), testing::KilledBySignal(SIGINT), "")
      << "the second one ends it";
}

}  // namespace
}  // namespace ombra
