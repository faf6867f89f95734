// A take of version 1 is read as one of today: what the light did by itself then is in its controls now.

#include "core/file.hpp"
#include "show/offline/take_score.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

namespace ombra::show {
namespace {

constexpr double kStepS = 0.02;

FrameRecord frame_at(int i) {
  FrameRecord frame;
  frame.width = 640, frame.height = 360;
  frame.time_s = frame.beat = kStepS * i, frame.step_s = kStepS;
  frame.controls.grain = 0.125f, frame.controls.mirror = true;
  frame.audio.level = i < 10 ? 0.8f : 0.0f;
  frame.audio.bass = 0.5f, frame.audio.onset = i % 5 == 0 ? 0.9f : 0.2f;
  frame.audio.onset_count = 7;
  return frame;
}

// As version 1 packed it: without the last three of the controls.
std::string packed_earlier(const FrameRecord& frame) {
  std::string bytes = packed(frame);
  return bytes.erase(bytes.size() - packed(frame.audio).size() - 3 * sizeof(float), 3 * sizeof(float));
}

TEST(EarlierTakes, HaveTheLightThatTheyWereSeenWith) {
  const auto path = std::filesystem::path(testing::TempDir()) / "ombra_earlier_score.bin";
  {
    ScorePacker packer;
    std::string bytes;
    for (int i = 0; i < 20; ++i) {
      packer.pack(RecordKind::kStep, packed(DanceRequest{}), bytes);
      packer.pack(RecordKind::kFrame, packed_earlier(frame_at(i)), bytes);
    }
    packer.pack(RecordKind::kFrame, "no frame", bytes);
    ScoreWriter(path).write(bytes);
  }
  std::string text = read_text(path, 1u << 20);
  ASSERT_EQ(text.substr(0, 13), "ombra take 2\n");
  text[11] = '1';
  write_atomically(path, text);

  ScoreReader reader(path);
  RecordKind kind{};
  std::string_view bytes;
  double level = 0.0, bass = 0.0;
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(reader.next(kind, bytes));
    DanceRequest request;
    EXPECT_EQ(kind, RecordKind::kStep);
    EXPECT_TRUE(unpack(bytes, request));
    ASSERT_TRUE(reader.next(kind, bytes));
    FrameRecord frame;
    EXPECT_EQ(kind, RecordKind::kFrame);
    ASSERT_TRUE(unpack(bytes, frame)) << i;
    level += (frame.audio.level - level) * (1.0 - std::exp(-kStepS / (frame.audio.level > level ? 0.05 : 0.3)));
    bass += (0.5 - bass) * (1.0 - std::exp(-kStepS / 0.03));
    EXPECT_NEAR(frame.controls.swell, level, 1e-5) << i;
    EXPECT_NEAR(frame.controls.throb, bass, 1e-5) << i;
    EXPECT_NEAR(frame.controls.flash, frame.audio.onset, 1e-6) << i;
    // and all else is as it was
    frame.controls.swell = frame.controls.throb = frame.controls.flash = 0.0f;
    EXPECT_EQ(packed(frame), packed(frame_at(i))) << i;
  }
  FrameRecord none;
  ASSERT_TRUE(reader.next(kind, bytes));
  EXPECT_FALSE(unpack(bytes, none));
  EXPECT_FALSE(reader.next(kind, bytes));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace ombra::show
