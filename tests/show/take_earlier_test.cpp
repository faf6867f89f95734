// Takes of earlier versions are read as those of today: what the light did by itself in version 1 is in its controls
// now, and dancers of versions 1 and 2 have the figure that they begin with.

#include "core/error.hpp"
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

// As versions 1 and 2 did: without the figure, which is at the end.
std::string packed_earlier(DanceRequest request) {
  const std::string bytes = packed(request);
  std::size_t added = 0;
  added_fields(request, [&added](auto& number) { added += sizeof number; });
  return bytes.substr(0, bytes.size() - added);
}

std::filesystem::path score_file(const std::string& bytes, char version) {
  const auto path = std::filesystem::path(testing::TempDir()) / "ombra_earlier_score.bin";
  ScoreWriter(path).write(bytes);
  std::string text = read_text(path, 1u << 20);
  EXPECT_EQ(text.substr(0, 13), "ombra take 3\n");
  text[11] = version;
  write_atomically(path, text);
  return path;
}

DanceRequest request_at(int i) {
  DanceRequest request;
  request.seen_s = 0.1 * i, request.grid.bpm = 100.0 + i, request.controls.energy = 0.25f * static_cast<float>(i);
  request.jumps = 7, request.seed = i % 3;
  request.figure.yaw = 90.0f, request.figure.person = 5.5f, request.figure.cast = 2;  // which were never kept
  return request;
}

TEST(EarlierTakes, HaveTheFiguresThatTheyWereSeenWith) {
  for (const char version : {'1', '2'}) {
    ScorePacker packer;
    std::string bytes;
    for (int i = 0; i < 20; ++i)
      packer.pack(i % 4 == 3 ? RecordKind::kUndrawn : RecordKind::kStep, packed_earlier(request_at(i)), bytes);
    packer.pack(RecordKind::kModel, "/models/other", bytes);
    packer.pack(RecordKind::kStep, "no request", bytes);
    packer.pack(RecordKind::kStep, packed(request_at(0)), bytes);  // of another version than the file
    const auto path = score_file(bytes, version);
    ScoreReader reader(path);
    RecordKind kind{};
    std::string_view record;
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(reader.next(kind, record));
      EXPECT_EQ(kind, i % 4 == 3 ? RecordKind::kUndrawn : RecordKind::kStep);
      DanceRequest request, expected = request_at(i);
      expected.figure = {};
      ASSERT_TRUE(unpack(record, request)) << version << " " << i;
      EXPECT_EQ(packed(request), packed(expected)) << version << " " << i;
    }
    ASSERT_TRUE(reader.next(kind, record));
    EXPECT_EQ(record, "/models/other");
    for (int i = 0; i < 2; ++i) {
      DanceRequest none;
      ASSERT_TRUE(reader.next(kind, record));
      EXPECT_FALSE(unpack(record, none));
    }
    std::filesystem::remove(path);
  }
}

TEST(EarlierTakes, ATakeOfTodayKeepsTheFigure) {
  ScorePacker packer;
  std::string bytes;
  packer.pack(RecordKind::kStep, packed(request_at(3)), bytes);
  const auto path = score_file(bytes, '3');
  ScoreReader reader(path);
  RecordKind kind{};
  std::string_view record;
  DanceRequest request;
  ASSERT_TRUE(reader.next(kind, record));
  ASSERT_TRUE(unpack(record, request));
  EXPECT_EQ(request.figure.yaw, 90.0f);
  EXPECT_EQ(request.figure.person, 5.5f);
  EXPECT_EQ(request.figure.cast, 2);
  std::filesystem::remove(path);
}

TEST(EarlierTakes, AVersionThatIsNotKnownIsRefused) {
  for (const char version : {'0', '4', 'x'}) {
    const auto path = score_file("", version);
    EXPECT_THROW(ScoreReader reader(path), Error) << version;
    std::filesystem::remove(path);
  }
}

TEST(EarlierTakes, HaveTheLightThatTheyWereSeenWith) {
  std::filesystem::path path;
  {
    ScorePacker packer;
    std::string bytes;
    for (int i = 0; i < 20; ++i) {
      packer.pack(RecordKind::kStep, packed_earlier(DanceRequest{}), bytes);
      packer.pack(RecordKind::kFrame, packed_earlier(frame_at(i)), bytes);
    }
    packer.pack(RecordKind::kFrame, "no frame", bytes);
    path = score_file(bytes, '1');
  }

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
