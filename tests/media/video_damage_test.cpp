#include "core/rng.hpp"
#include "videos.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>

namespace ombra::media::test {
namespace {

TEST_F(Videos, TruncatedFilesGiveWhatIsThereAndCountTheRest) {
  for (const char* name : {"a.mp4", "a.mkv", "a.gif"}) {
    const auto file = draw(name, {.width = 160, .height = 120, .fps = 25.0, .quality = 10}, 100);
    std::filesystem::resize_file(file, std::filesystem::file_size(file) * 6 / 10);
    VideoReader reader(file);
    const auto frames = read_all(reader);
    EXPECT_GT(frames.size(), 10u) << name;
    EXPECT_LT(frames.size(), 95u) << name;
    for (const VideoFrame& frame : frames) {  // each at its time: H.264 stores them in another order than it shows them
      const int i = static_cast<int>(std::lround(frame.time_s * 25.0));
      ASSERT_NEAR(blot_of(frame).x, square_x(i, 160) + kSide / 2.0, 1.0) << name << i;
    }
    if (std::string(name) != "a.mp4") continue;  // the others have no list of their frames
    EXPECT_EQ(static_cast<std::int64_t>(frames.size()) + reader.damaged(), 100);
  }
}

TEST_F(Videos, ADamagedStretchIsLeftOutAndCounted) {
  std::string bytes = bytes_of(draw("a.mp4", {.width = 160, .height = 120, .fps = 25.0, .quality = 5}, 300));
  // in the middle of the pictures' bytes
  const std::size_t data = bytes.find("mdat"), from = data + (bytes.size() - data) / 2;
  Rng rng(3);
  for (std::size_t i = from; i < from + 400; ++i) bytes[i] = static_cast<char>(rng.below(256));
  VideoReader reader(put("b.mp4", bytes));
  const auto frames = read_all(reader);
  EXPECT_GT(reader.damaged(), 0);
  EXPECT_GT(frames.size(), 150u);
  EXPECT_LE(static_cast<std::int64_t>(frames.size()) + reader.damaged(), 300 + 2);
  for (std::size_t i = 1; i < frames.size(); ++i) ASSERT_GE(frames[i].time_s, frames[i - 1].time_s);
}

#if defined(__SANITIZE_ADDRESS__)
constexpr long kMaxMegabytes = 4000;
#else
constexpr long kMaxMegabytes = 800;
#endif

// Bytes flipped, runs overwritten, ends cut off, at 200 seeded places: frames or an Error, never a crash, in bounds.
TEST_F(Videos, BrokenAnywhereIsFramesOrAnErrorButNeverACrash) {
  using Clock = std::chrono::steady_clock;
  const auto begun = Clock::now();
  std::vector<std::filesystem::path> files;
  for (const char* name : {"a.mp4", "a.mkv", "a.gif"}) {
    files.push_back(draw(name, {.width = 64, .height = 48, .fps = 25.0}, 12));
  }
  for (const char* name : {"b.webm", "b.avi", "b.ts", "b.png", "b.jpg", "b.webp", "b.tif"}) {
    if (ffmpeg("-i '" + files[0].string() + "' -frames:v 5 '" + (folder / name).string() + "'")) {
      files.push_back(folder / name);
    }
  }
  Rng rng(20);
  int readable = 0;
  for (int i = 0; i < 200; ++i) {
    const auto& file = files[static_cast<std::size_t>(i) % files.size()];
    std::string bytes = bytes_of(file);
    const auto place = [&] { return static_cast<std::size_t>(rng.below(static_cast<int>(bytes.size()))); };
    const int kind = rng.below(4);
    if (kind == 0) bytes.resize(place());
    if (kind == 1) {
      for (int k = 0; k < 8; ++k) bytes[place()] ^= static_cast<char>(1 << rng.below(8));
    }
    if (kind == 2) {  // the header, where sizes and counts are told
      for (int k = 0; k < 3; ++k) {
        bytes[static_cast<std::size_t>(rng.below(static_cast<int>(std::min<std::size_t>(bytes.size(), 1200))))] =
            static_cast<char>(rng.below(2) == 0 ? 0xff : rng.below(256));
      }
    }
    if (kind == 3) {
      const std::size_t at = place();
      for (std::size_t k = at; k < std::min(at + 16, bytes.size()); ++k) bytes[k] = static_cast<char>(rng.below(256));
    }
    try {
      VideoReader reader(put("broken" + file.extension().string(), bytes), {.max_width = 64, .max_height = 64});
      VideoFrame frame;
      double last_s = 0.0;
      int frames = 0;
      for (; reader.next(frame); ++frames) {
        ASSERT_EQ(frame.rgb.size(), static_cast<std::size_t>(frame.width) * frame.height * 3);
        ASSERT_TRUE(frame.time_s >= last_s && frame.time_s < 1e4) << frame.time_s;
        last_s = frame.time_s;
        ASSERT_LT(frames, 1000);
      }
      reader.seek(0.2);
      reader.next(frame);
      readable += frames > 0;
      ASSERT_GE(reader.damaged(), 0);
    } catch (const Error& e) {
      EXPECT_NE(std::string(e.what()).find("broken"), std::string::npos) << e.what();
    }
  }
  EXPECT_GT(readable, 50);
  EXPECT_LT(std::chrono::duration<double>(Clock::now() - begun).count(), 90.0);
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  EXPECT_LT(use.ru_maxrss / 1024, kMaxMegabytes);
}

}  // namespace
}  // namespace ombra::media::test
