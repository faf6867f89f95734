// Logos: PNG files of every kind, those that are broken, and those that promise more than there is memory.

#include "stage/title/logo_file.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/process.hpp"
#include "drawing/png.hpp"
#include "stage/overlay_pictures.hpp"
#include "temp_folder.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace ombra::stage {
namespace {

namespace fs = std::filesystem;

class LogoFile : public test::FolderTest {
 protected:
  // a picture of which the left half is `left`, the right half nothing
  fs::path halves(int width, int height, std::vector<std::uint8_t> left) {
    std::vector<std::uint8_t> pixels;
    const std::size_t channels = left.size();
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        for (std::size_t c = 0; c < channels; ++c) pixels.push_back(x < width / 2 ? left[c] : 0);
      }
    }
    write_png(file_, width, height, static_cast<int>(channels), pixels);
    return file_;
  }
  OverlayPicture read(int least_px = 100000) { return read_logo({file_.string(), least_px}); }
  std::string refusal() {
    try {
      read();
    } catch (const Error& fault) {
      return fault.what();
    }
    return "";
  }

  fs::path file_ = folder / "logo.png";
};

const std::uint8_t* pixel(const OverlayPicture& picture, int x, int y) {
  const OverlayPicture::Level& level = picture.levels.front();
  return &level.rgba[4 * (static_cast<std::size_t>(y) * level.width + x)];
}

TEST_F(LogoFile, KeepsAlphaAndColours) {
  halves(8, 4, {255, 0, 0, 128});
  const OverlayPicture picture = read();
  ASSERT_EQ(picture.levels.front().width, 8);
  EXPECT_EQ(picture.size_px, 4.0);
  const std::uint8_t* left = pixel(picture, 1, 1);
  EXPECT_EQ(left[3], 128);
  EXPECT_NEAR(left[0], 188, 2) << "half the light of 255 is 188 in sRGB";
  EXPECT_EQ(left[1], 0);
  EXPECT_EQ(pixel(picture, 6, 1)[3], 0);
}

TEST_F(LogoFile, GreyAndRgbAndGreyWithAlphaAreReadToo) {
  for (const std::vector<std::uint8_t>& left : {std::vector<std::uint8_t>{200}, {200, 255}, {200, 200, 200}}) {
    halves(6, 6, left);
    EXPECT_NEAR(pixel(read(), 1, 1)[1], 200, 1) << left.size() << " channels";
    EXPECT_EQ(pixel(read(), 1, 1)[3], 255);
  }
}

TEST_F(LogoFile, ALargeOneIsMadeSmallerInLinearLight) {
  halves(1000, 801, {255, 255, 255, 255});
  const OverlayPicture picture = read(100);
  EXPECT_EQ(picture.levels.front().height, 100);
  EXPECT_EQ(picture.levels.front().width, 125);
  EXPECT_EQ(picture.levels.back().width, 1);
  EXPECT_NEAR(picture.levels.back().rgba[3], 128, 3);
  EXPECT_NEAR(picture.levels.back().rgba[0], 188, 3);
}

TEST_F(LogoFile, WhatIsNotThereOrNoPngIsSaid) {
  EXPECT_NE(refusal().find("logo.png: there is no such file"), std::string::npos) << refusal();
  write_atomically(file_, "GIF89a and so on, quite long enough to hold a header");
  EXPECT_NE(refusal().find("logo.png: is no PNG"), std::string::npos) << refusal();
  write_atomically(file_, "");
  EXPECT_NE(refusal().find("is no PNG"), std::string::npos);
  fs::remove(file_);
  fs::create_directory(file_);
  EXPECT_NE(refusal().find("is no file"), std::string::npos) << refusal();
  fs::remove(file_);
  ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
  EXPECT_NE(refusal().find("is no file"), std::string::npos) << "a pipe is not waited for";
}

TEST_F(LogoFile, EveryCutOfAFileIsRefused) {
  halves(40, 30, {10, 200, 30, 255});
  const std::string whole = read_text(file_);
  for (std::size_t bytes = 0; bytes + 12 < whole.size(); bytes += 7) {
    write_atomically(file_, whole.substr(0, bytes));
    EXPECT_NE(refusal(), "") << bytes << " bytes";
  }
  write_atomically(file_, whole.substr(0, whole.size() / 2));
  EXPECT_NE(refusal().find("ends too early"), std::string::npos) << refusal();
}

TEST_F(LogoFile, OneThatIsCutWhileItIsReadIsRefusedOrWhole) {
  halves(2000, 2000, {10, 200, 30, 255});
  const std::string whole = read_text(file_) + std::string(4u << 20, 'x');  // what is behind the picture is left aside
  write_atomically(file_, whole);
  std::atomic<bool> end{false};
  std::thread cutter([&] {
    while (!end) fs::resize_file(file_, 10), fs::resize_file(file_, whole.size());
  });
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    try {
      EXPECT_LE(read_text(file_, 64u << 20).size(), whole.size());
      if (i < 20) read(1);
    } catch (const Error& fault) {
      ++refused;
      EXPECT_NE(std::string(fault.what()).find("logo.png"), std::string::npos) << fault.what();
    }
  }
  end = true;
  cutter.join();
  EXPECT_GT(refused, 0) << "what was cut is no picture any more";
}

TEST_F(LogoFile, DamagedBytesAreRefusedOrHarmless) {
  halves(40, 30, {10, 200, 30, 255});
  const std::string whole = read_text(file_);
  std::size_t refused = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x5a);
    write_atomically(file_, damaged);
    const std::string why = refusal();
    refused += why.empty() ? 0 : 1;
    if (why.empty()) {
      EXPECT_EQ(read().levels.front().width, 40) << at;
    } else {
      EXPECT_NE(why.find("logo.png: "), std::string::npos) << at << ": " << why;
    }
  }
  EXPECT_GT(refused, whole.size() / 2);
  std::string damaged = whole;
  damaged[60] = static_cast<char>(damaged[60] ^ 0xff);
  write_atomically(file_, damaged);
  EXPECT_NE(refusal().find("is damaged"), std::string::npos) << refusal();
}

TEST_F(LogoFile, AHeaderThatPromisesTooMuchTakesNoMemory) {
  halves(40, 30, {10, 200, 30, 255});
  const std::string whole = read_text(file_);
  const auto with_size = [&](std::uint32_t width, std::uint32_t height) {
    std::string bytes = whole;
    for (int i = 0; i < 4; ++i) {
      bytes[static_cast<std::size_t>(16 + i)] = static_cast<char>(width >> (24 - 8 * i));
      bytes[static_cast<std::size_t>(20 + i)] = static_cast<char>(height >> (24 - 8 * i));
    }
    write_atomically(file_, bytes);
  };
  const double before_mb = resident_mb();
  for (const auto& [width, height] : {std::pair{65535u, 65535u}, {8193u, 1u}, {8192u, 8192u}, {0u, 5u}, {~0u, ~0u}}) {
    with_size(width, height);
    EXPECT_NE(refusal().find("pixels are too many"), std::string::npos) << refusal();
  }
  EXPECT_LT(resident_mb() - before_mb, 20.0);
}

}  // namespace
}  // namespace ombra::stage
