// Cameras to write to, with a kernel that is played: there is no v4l2loopback where tests run.

#include "media/share/camera.hpp"

#include "core/clock.hpp"
#include "media/share/camera_pixels.hpp"
#include "rt_scope.hpp"

#include <gtest/gtest.h>
#include <linux/videodev2.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <map>
#include <mutex>
#include <thread>

namespace ombra::media {
namespace {

using State = OutletStatus::State;

constexpr int kWide = 64, kHigh = 48;

// /dev/video0 is a webcam, /dev/video1 a loopback.
class FakeSystem final : public CameraSystem {
 public:
  std::vector<std::string> paths() const override { return {"/dev/video0", "/dev/video1"}; }
  int open(const std::string& path) override {
    if (path == "/dev/video0") return 10;
    if (path == "/dev/video1") return ++open_, 11;
    errno = ENOENT;
    return -1;
  }
  int control(int file, unsigned long request, void* argument) override {
    if (request == VIDIOC_QUERYCAP) {
      auto& c = *static_cast<v4l2_capability*>(argument);
      std::snprintf(reinterpret_cast<char*>(c.card), sizeof c.card, "%s", file == 10 ? "Webcam" : "Ombra loopback");
      c.capabilities = V4L2_CAP_DEVICE_CAPS | V4L2_CAP_VIDEO_OUTPUT;  // of the whole device
      c.device_caps = file == 10 ? V4L2_CAP_VIDEO_CAPTURE : V4L2_CAP_VIDEO_OUTPUT;
      return 0;
    }
    if (request != VIDIOC_S_FMT) return 0;
    auto& p = static_cast<v4l2_format*>(argument)->fmt.pix;
    if (takes == 0) return errno = EBUSY, -1;
    p.pixelformat = takes;
    p.sizeimage = 0;
    return 0;
  }
  std::ptrdiff_t write(int, std::span<const std::uint8_t> bytes) override {
    const std::lock_guard lock(mutex_);
    if (fault != 0) return errno = fault, -1;
    newest_.assign(bytes.begin(), bytes.end());
    return static_cast<std::ptrdiff_t>(bytes.size());
  }
  void close(int file) override {
    if (file == 11) --open_;
  }
  std::vector<std::uint8_t> newest() {
    const std::lock_guard lock(mutex_);
    return newest_;
  }
  int open_files() const { return open_; }

  std::atomic<std::uint32_t> takes{V4L2_PIX_FMT_YUYV};
  std::atomic<int> fault{0};

 private:
  std::mutex mutex_;
  std::vector<std::uint8_t> newest_;
  std::atomic<int> open_{0};
};

FakeSystem& fake() {
  static auto* system = new FakeSystem;  // an outlet's thread may outlive its test
  return *system;
}

std::vector<std::uint8_t> orange() {
  std::vector<std::uint8_t> rgba(static_cast<std::size_t>(kWide) * kHigh * 4 + 64, 255);
  for (std::size_t i = 0; i < rgba.size(); i += 4) rgba[i] = 210, rgba[i + 1] = 90, rgba[i + 2] = 30;
  return rgba;
}

template <typename Come>
bool perform(Outlet& outlet, const Come& come) {
  const std::vector<std::uint8_t> rgba = orange();
  for (const double end_s = now_s() + 15.0; now_s() < end_s;) {
    if (come()) return true;
    outlet.picture(std::span(rgba).first(static_cast<std::size_t>(kWide) * kHigh * 4), now_s());
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return come();
}

class Cameras : public testing::Test {
 protected:
  void SetUp() override { fake().takes = V4L2_PIX_FMT_YUYV, fake().fault = 0; }
};

TEST_F(Cameras, AreThoseThatTakePictures) {
  const std::vector<CameraDevice> all = list_cameras(fake());
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].path, "/dev/video1");
  EXPECT_EQ(all[0].name, "Ombra loopback");
  EXPECT_EQ(fake().open_files(), 0);
}

TEST_F(Cameras, AreFedByNameOrPath) {
  for (const char* device : {"", "ombra", "/dev/video1"}) {
    const auto camera = make_camera(device, kWide, kHigh, 30.0, fake());
    ASSERT_TRUE(perform(*camera, [&] { return camera->status().pictures >= 3; })) << camera->status().message;
    EXPECT_EQ(camera->status().name, "/dev/video1 (Ombra loopback)");
    EXPECT_EQ(camera->status().detail, "64 x 48, YUYV");
    EXPECT_EQ(camera->status().state, State::kGiving);
    EXPECT_EQ(fake().newest().size(), static_cast<std::size_t>(kWide) * kHigh * 2);
  }
  EXPECT_EQ(fake().open_files(), 0);
}

TEST_F(Cameras, ThatTakeOtherColoursGetThem) {
  for (const std::uint32_t takes : {V4L2_PIX_FMT_YUV420, V4L2_PIX_FMT_BGR32}) {
    fake().takes = takes;
    const auto camera = make_camera("/dev/video1", kWide, kHigh, 30.0, fake());
    ASSERT_TRUE(perform(*camera, [&] { return camera->status().pictures >= 1; })) << camera->status().message;
    EXPECT_EQ(fake().newest().size(),
              static_cast<std::size_t>(kWide) * kHigh * (takes == V4L2_PIX_FMT_BGR32 ? 8 : 3) / 2);
  }
}

TEST_F(Cameras, ThatAreNoneAreTold) {
  const std::pair<const char*, const char*> cases[] = {{"/dev/video0", "cannot be written to it"},
                                                       {"/dev/video7", "cannot be opened"},
                                                       {"projector", "is called \"projector\""}};
  for (const auto& [device, words] : cases) {
    const auto camera = make_camera(device, kWide, kHigh, 30.0, fake());
    ASSERT_TRUE(perform(*camera, [&] { return camera->status().state == State::kWaiting; }));
    EXPECT_NE(camera->status().message.find(words), std::string::npos) << camera->status().message;
  }
  // what is no video device at all, with the real system
  for (const char* device : {"/dev/null", "/", "/dev/video63"}) {
    const auto camera = make_camera(device, kWide, kHigh, 30.0);
    ASSERT_TRUE(perform(*camera, [&] { return camera->status().state == State::kWaiting; })) << device;
    EXPECT_NE(camera->status().message.find(device), std::string::npos) << camera->status().message;
  }
}

TEST_F(Cameras, ThatFailAreTriedAgain) {
  const auto camera = make_camera("/dev/video1", kWide, kHigh, 30.0, fake());
  ASSERT_TRUE(perform(*camera, [&] { return camera->status().pictures >= 1; }));
  fake().fault = ENODEV;
  ASSERT_TRUE(perform(*camera, [&] { return camera->status().state == State::kWaiting; }));
  EXPECT_NE(camera->status().message, "");
  fake().takes = 0, fake().fault = 0;
  ASSERT_TRUE(perform(*camera, [&] { return camera->status().message.find("64 x 48") != std::string::npos; }))
      << camera->status().message;
  fake().takes = V4L2_PIX_FMT_YUYV;
  const std::uint64_t before = camera->status().pictures;
  EXPECT_TRUE(perform(*camera, [&] { return camera->status().pictures > before; })) << camera->status().message;
  EXPECT_EQ(camera->status().connections, 2);
}

TEST_F(Cameras, ThatAreReadTooSlowlyLoseAPicture) {
  fake().fault = EAGAIN;
  const auto camera = make_camera("/dev/video1", kWide, kHigh, 30.0, fake());
  EXPECT_TRUE(perform(*camera, [&] { return camera->takes(); }));
  perform(*camera, [&, until_s = now_s() + 0.3] { return now_s() > until_s; });
  EXPECT_NE(camera->status().state, State::kWaiting);
  fake().fault = 0;
  EXPECT_TRUE(perform(*camera, [&] { return camera->status().pictures >= 1; }));
}

TEST(CameraPixels, AreTheColoursOfThePicture) {
  const std::vector<std::uint8_t> rgba = orange();
  std::vector<std::uint8_t> out;
  // BT.709 of 210, 90, 30 in the limited range
  const double y = 16.0 + 219.0 / 255.0 * (0.2126 * 210 + 0.7152 * 90 + 0.0722 * 30);
  const double u = 128.0 + 224.0 / 255.0 * (30 - (y - 16.0) * 255.0 / 219.0) / 1.8556;
  const double v = 128.0 + 224.0 / 255.0 * (210 - (y - 16.0) * 255.0 / 219.0) / 1.5748;
  to_camera(rgba, kWide, kHigh, CameraPixels::kYuyv, out);
  ASSERT_EQ(out.size(), static_cast<std::size_t>(kWide) * kHigh * 2);
  for (std::size_t i = 0; i < out.size(); i += 4) {
    EXPECT_NEAR(out[i], y, 1.5);
    EXPECT_NEAR(out[i + 1], u, 1.5);
    EXPECT_NEAR(out[i + 2], y, 1.5);
    EXPECT_NEAR(out[i + 3], v, 1.5);
  }
  to_camera(rgba, kWide, kHigh, CameraPixels::kYu12, out);
  ASSERT_EQ(out.size(), static_cast<std::size_t>(kWide) * kHigh * 3 / 2);
  EXPECT_NEAR(out.front(), y, 1.5);
  EXPECT_NEAR(out[static_cast<std::size_t>(kWide) * kHigh], u, 1.5);
  EXPECT_NEAR(out.back(), v, 1.5);
  to_camera(rgba, kWide, kHigh, CameraPixels::kBgrx, out);
  ASSERT_EQ(out.size(), static_cast<std::size_t>(kWide) * kHigh * 4);
  EXPECT_EQ(out[0], 30);
  EXPECT_EQ(out[1], 90);
  EXPECT_EQ(out[2], 210);
}

TEST(CameraPixels, KeepWhereThingsAre) {
  std::vector<std::uint8_t> rgba(static_cast<std::size_t>(kWide) * kHigh * 4 + 64, 0);
  for (std::size_t c = 0; c < 4; ++c) rgba[(5 * kWide + 9) * 4 + c] = 255;  // one white pixel
  std::vector<std::uint8_t> out;
  to_camera(rgba, kWide, kHigh, CameraPixels::kYuyv, out);
  EXPECT_EQ(out[(5 * kWide + 9) * 2], 235);
  EXPECT_EQ(out[(5 * kWide + 8) * 2], 16);
  EXPECT_EQ(out[(4 * kWide + 9) * 2], 16);
}

// Each colour is the mean of four pixels, two rows of them: nothing of a row comes into another pair.
TEST(CameraPixels, OfYuyvAreThoseOfTheWholePlanes) {
  std::vector<std::uint8_t> rgba(static_cast<std::size_t>(kWide) * kHigh * 4 + 64);
  std::uint32_t seed = 1;
  for (std::uint8_t& value : rgba) value = static_cast<std::uint8_t>((seed = seed * 1664525u + 1013904223u) >> 24);
  std::vector<std::uint8_t> out, planes;
  to_camera(rgba, kWide, kHigh, CameraPixels::kYuyv, out);
  to_camera(rgba, kWide, kHigh, CameraPixels::kYu12, planes);
  const std::uint8_t *u = planes.data() + kWide * kHigh, *v = u + kWide * kHigh / 4;
  for (int y = 0; y < kHigh; ++y) {
    for (int x = 0; x < kWide; ++x) {
      const std::uint8_t* at = &out[static_cast<std::size_t>(2 * (y * kWide + x))];
      ASSERT_EQ(at[0], planes[static_cast<std::size_t>(y * kWide + x)]) << x << " " << y;
      ASSERT_EQ(at[1], (x % 2 == 0 ? u : v)[y / 2 * (kWide / 2) + x / 2]) << x << " " << y;
    }
  }
}

TEST(CameraPixels, TakeNoMemoryASecondTime) {
  const std::vector<std::uint8_t> rgba = orange();
  std::vector<std::uint8_t> out;
  to_camera(rgba, kWide, kHigh, CameraPixels::kYuyv, out);
  const ombra::test::RtScope scope;
  to_camera(rgba, kWide, kHigh, CameraPixels::kYuyv, out);
  EXPECT_EQ(scope.allocations(), 0u);
}

}  // namespace
}  // namespace ombra::media
