// The video source on a daemon of the test's own: captured, without a daemon, and when that dies or hangs.

#include "media/share/pipewire_source.hpp"

#include "media/share/pipewire_buffer.hpp"
#include "pipewire_peers.hpp"
#include "temp_folder.hpp"

#include <cerrno>
#include <vector>

namespace ombra::media {
namespace {

using State = OutletStatus::State;
using test::Capture;
using test::PipeWireDaemon;

constexpr int kWide = 320, kHigh = 180;
constexpr double kFps = 30.0;

class PipeWireSource : public ombra::test::FolderTest {
 protected:
  void SetUp() override {
    for (const char* program : {"pipewire", "pw-link"}) {
      if (!test::there_is(program)) GTEST_SKIP() << "there is no " << program;
    }
    ::setenv("XDG_RUNTIME_DIR", folder.c_str(), 1);
    ::setenv("PIPEWIRE_RUNTIME_DIR", folder.c_str(), 1);
    for (std::size_t i = 0; i < rgba_.size(); i += 4) rgba_[i] = 0xd2, rgba_[i + 1] = 0x5a, rgba_[i + 2] = 0x1e;
    for (int c = 0; c < 3; ++c) rgba_[static_cast<std::size_t>(c)] = 0x11;  // the upper left corner
  }

  // The show goes on in real time until what is asked for has come or 25 s are over.
  template <typename Come>
  bool perform(const Come& come) {
    for (const double end_s = now_s() + 25.0; now_s() < end_s;) {
      if (come()) return true;
      for (; time_s_ < now_s(); time_s_ += 1.0 / kFps) {
        if (source_->takes()) source_->picture(rgba_, time_s_);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(4));
    }
    return come();
  }
  bool ready() {
    return perform([&] { return source_->status().state == State::kReady; });
  }
  // -> were so many pictures captured?
  bool captured(const Capture& capture, int frames) {
    double linked_s = 0.0;
    return perform([&] {
      if (capture.frames() == 0 && now_s() - linked_s > 0.5) Capture::link(), linked_s = now_s();
      return capture.frames() >= frames;
    });
  }

  std::vector<std::uint8_t> rgba_ = std::vector<std::uint8_t>(static_cast<std::size_t>(kWide) * kHigh * 4, 255);
  std::unique_ptr<Outlet> source_ = nullptr;
  double time_s_ = now_s();
};

TEST_F(PipeWireSource, IsCapturedInBothOrdersOfColours) {
  const PipeWireDaemon daemon(folder);
  source_ = make_pipewire_source(kWide, kHigh, kFps);
  ASSERT_TRUE(ready()) << source_->status().message;
  EXPECT_FALSE(source_->takes()) << "nobody captures yet";
  for (const spa_video_format format : {SPA_VIDEO_FORMAT_RGBx, SPA_VIDEO_FORMAT_BGRx}) {
    const Capture capture(format);
    ASSERT_TRUE(captured(capture, 30)) << source_->status().message;
    EXPECT_EQ(capture.width(), kWide);
    EXPECT_EQ(capture.height(), kHigh);
    EXPECT_EQ(capture.middle(), 0xd25a1eu);
    EXPECT_EQ(capture.corner(), 0x111111u);
    EXPECT_EQ(source_->status().state, State::kGiving);
  }
  EXPECT_TRUE(ready()) << "nobody captures any more";
}

TEST_F(PipeWireSource, ComesWhenTheDaemonComes) {
  source_ = make_pipewire_source(kWide, kHigh, kFps);
  ASSERT_TRUE(perform([&] { return source_->status().state == State::kWaiting; }));
  EXPECT_NE(source_->status().message.find("PipeWire"), std::string::npos) << source_->status().message;
  PipeWireDaemon daemon(folder);
  ASSERT_TRUE(ready()) << source_->status().message;
  EXPECT_EQ(source_->status().message, "");
}

TEST_F(PipeWireSource, IsBackWhenTheDaemonIs) {
  PipeWireDaemon daemon(folder);
  source_ = make_pipewire_source(kWide, kHigh, kFps);
  {
    const Capture capture;
    ASSERT_TRUE(captured(capture, 10)) << source_->status().message;
  }
  daemon.end();
  ASSERT_TRUE(perform([&] { return source_->status().state == State::kWaiting; }));
  EXPECT_NE(source_->status().message, "");
  daemon.start();
  ASSERT_TRUE(ready()) << source_->status().message;
  const Capture capture;
  EXPECT_TRUE(captured(capture, 10)) << source_->status().message;
  EXPECT_EQ(source_->status().connections, 2);
}

TEST_F(PipeWireSource, OutlivesADaemonThatHangs) {
  PipeWireDaemon daemon(folder);
  source_ = make_pipewire_source(kWide, kHigh, kFps);
  ASSERT_TRUE(ready()) << source_->status().message;
  daemon.hang(true);
  ASSERT_TRUE(perform([&] { return source_->status().state == State::kWaiting; }));
  EXPECT_NE(source_->status().message.find("does not answer"), std::string::npos) << source_->status().message;
  daemon.hang(false);
  EXPECT_TRUE(ready()) << source_->status().message;
}

TEST_F(PipeWireSource, EndsSoonWhateverTheDaemonDoes) {
  PipeWireDaemon daemon(folder);
  source_ = make_pipewire_source(kWide, kHigh, kFps);
  ASSERT_TRUE(ready()) << source_->status().message;
  daemon.hang(true);
  const double stopped_s = now_s();
  source_.reset();
  EXPECT_LT(now_s() - stopped_s, 2.0);
}

TEST(PipeWireBuffers, TakeAPictureOnlyWhereThereIsRoom) {
  constexpr int kPixels = 8;  // 4 x 2
  std::vector<std::uint8_t> rgba, memory(4 * kPixels + 4, 99);
  for (int i = 0; i < 4 * kPixels; ++i) rgba.push_back(static_cast<std::uint8_t>(i));
  spa_chunk chunk{};
  spa_data data{};
  data.data = memory.data(), data.maxsize = 4 * kPixels, data.chunk = &chunk;
  spa_buffer buffer{};
  buffer.n_datas = 1, buffer.datas = &data;
  ASSERT_TRUE(fill_buffer(rgba, 4, 2, true, buffer));
  EXPECT_EQ(chunk.size, 4u * kPixels);
  EXPECT_EQ(chunk.stride, 16);
  EXPECT_EQ(memory[4], 6);
  EXPECT_EQ(memory[6], 4);
  EXPECT_EQ(memory.back(), 99);
  ASSERT_TRUE(fill_buffer(rgba, 4, 2, false, buffer));
  EXPECT_EQ(memory[4], 4);
  data.maxsize = 4 * kPixels - 1;
  memory.assign(memory.size(), 99);
  EXPECT_FALSE(fill_buffer(rgba, 4, 2, false, buffer));
  EXPECT_EQ(chunk.size, 0u);
  EXPECT_EQ(memory, std::vector<std::uint8_t>(memory.size(), 99));
  data.maxsize = 4 * kPixels, data.data = nullptr;
  EXPECT_FALSE(fill_buffer(rgba, 4, 2, false, buffer));
  buffer.n_datas = 0;
  EXPECT_FALSE(fill_buffer(rgba, 4, 2, false, buffer));
}

TEST(PipeWireFaults, AlwaysHaveWords) {
  EXPECT_EQ(pipewire_fault(-EPIPE, "broken"), "it has gone");
  EXPECT_EQ(pipewire_fault(-EINVAL, "bad\nformat"), "bad?format");
  for (const char* none : {static_cast<const char*>(nullptr), ""}) {
    EXPECT_EQ(pipewire_fault(-EACCES, none), "Permission denied");
    EXPECT_NE(pipewire_fault(0, none), "");
  }
}

}  // namespace
}  // namespace ombra::media
