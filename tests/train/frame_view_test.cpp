#include "train/frame_view.hpp"

#include "core/error.hpp"
#include "model/figure/strokes.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;
using torch::Tensor;

// A disc that wanders to the right, one pixel a frame, in pictures of any kind; 60 frames at 30 a second, the last 20
// held out.
class FrameViewTest : public testing::Test {
 protected:
  void SetUp() override { folder = fs::path(testing::TempDir()) / fmt::format("ombra_view_{}", getpid()); }
  void TearDown() override { fs::remove_all(folder); }

  static double distance(int x, int y, std::int64_t frame) {
    return std::hypot(x - (20.0 + static_cast<double>(frame) * 0.5), y - 30.0) - 9.0;
  }

  std::shared_ptr<const DataSet> footage(PictureKind kind, int width = 64, int height = 48) {
    DataTable table;
    table.width = width, table.height = height, table.picture = kind;
    table.pose.resize(60), table.beat.resize(60), table.energy.resize(60);
    table.clips.resize(2);
    table.clips[0].length = 40;
    table.clips[1].start = 40, table.clips[1].length = 20, table.clips[1].held_out = true;
    fs::create_directories(folder);
    const fs::path path = folder / (std::string(model::name_of(kind)) + ".safetensors");
    write_data_set(path, table, [&](std::int64_t first, std::span<std::uint8_t> pictures) {
      const std::size_t bytes = table.picture_bytes(), channels = static_cast<std::size_t>(table.channels());
      for (std::size_t i = 0; i < pictures.size(); ++i) {
        const std::size_t pixel = i % bytes / channels;
        const double d = distance(static_cast<int>(pixel) % width, static_cast<int>(pixel) / width,
                                  first + static_cast<std::int64_t>(i / bytes));
        const double light = std::clamp(0.5 + d, 0.0, 1.0);
        pictures[i] = kind == PictureKind::kDistance
                          ? static_cast<std::uint8_t>(static_cast<std::int8_t>(
                                std::lround(std::clamp(d * kUnitsPerPixel, -1.0 * kMaxUnits, 1.0 * kMaxUnits))))
                      : kind == PictureKind::kBinary ? (light < 0.5 ? 0 : 255)
                                                     : static_cast<std::uint8_t>(std::lround(255.0 * light));
      }
    });
    return std::make_shared<const DataSet>(path);
  }

  static model::FramesSpec spec(PictureKind kind, int width, int height, double fps = 30.0) {
    model::FramesSpec s;
    s.picture = kind, s.width = width, s.height = height, s.fps = fps;
    return s;
  }

  fs::path folder;
};

TEST_F(FrameViewTest, TakesEveryNthFrameOfEveryClip) {
  const FrameView view(footage(PictureKind::kGray), spec(PictureKind::kGray, 64, 48, 7.5));
  ASSERT_EQ(view.frames(), 10 + 5);
  EXPECT_EQ(view.clips()[1].start, 10);
  EXPECT_EQ(view.clips()[1].length, 5);
  EXPECT_EQ(view.data_frame(3), 12);
  EXPECT_EQ(view.data_frame(11), 44);
  EXPECT_EQ(view.frames_of(true), (std::vector<std::int64_t>{10, 11, 12, 13, 14}));
}

TEST_F(FrameViewTest, MoreFramesThanThereAreAreRefused) {
  const auto data = footage(PictureKind::kGray);
  EXPECT_THROW(FrameView(data, spec(PictureKind::kGray, 64, 48, 60.0)), Error);
}

TEST_F(FrameViewTest, WhatIsStoredAsWantedComesBackUnchanged) {
  for (const PictureKind kind : {PictureKind::kDistance, PictureKind::kBinary, PictureKind::kGray, PictureKind::kRgb}) {
    const auto data = footage(kind);
    const FrameView view(data, spec(kind, 64, 48));
    const Tensor picture = view.pictures(17, 1);
    ASSERT_EQ(picture.size(1), model::channels_of(kind));
    for (const auto& [x, y] : {std::pair{28, 30}, {36, 33}, {3, 5}}) {
      const double d = distance(x, y, 17), light = std::clamp(0.5 + d, 0.0, 1.0);
      const double truth = kind == PictureKind::kDistance ? std::clamp(d / 48.0, -8.0 / 96.0, 8.0 / 96.0)
                           : kind == PictureKind::kBinary ? (light < 0.5 ? 0.0 : 1.0)
                                                          : light;
      EXPECT_NEAR(picture[0][0][y][x].item<double>(), truth, 3e-3) << model::name_of(kind) << " " << x << " " << y;
    }
  }
}

TEST_F(FrameViewTest, AnyKindBecomesAnyOther) {
  const model::FramesSpec wide = spec(PictureKind::kBinary, 120, 60);
  const Tensor from_distance = FrameView(footage(PictureKind::kDistance), wide).pictures(5, 1);
  for (const PictureKind kind : {PictureKind::kBinary, PictureKind::kGray, PictureKind::kRgb}) {
    const Tensor same = FrameView(footage(kind), wide).pictures(5, 1);
    EXPECT_LT((same - from_distance).abs().mean().item<double>(), 4e-3) << model::name_of(kind);
  }
  EXPECT_GT((from_distance < 0.5).sum().item<std::int64_t>(), 300) << "the disc is there";
  const Tensor field =
      FrameView(footage(PictureKind::kGray), spec(PictureKind::kDistance, 64, 48)).pictures(5, 1) * 48.0;
  EXPECT_NEAR(field[0][0][30][24].item<double>(), std::max(distance(24, 30, 5), -4.0), 0.2);
  EXPECT_NEAR(field[0][0][30][33].item<double>(), distance(33, 30, 5), 0.2);
}

TEST_F(FrameViewTest, TheWholePictureStandsInTheMiddleOfAWiderFrame) {
  const Tensor wide = FrameView(footage(PictureKind::kGray), spec(PictureKind::kGray, 128, 48)).pictures(0, 1);
  EXPECT_NEAR(wide[0][0][30][32 + 20].item<double>(), 0.0, 1e-6) << "the disc's middle";
  EXPECT_NEAR(wide[0][0][30][5].item<double>(), 1.0, 1e-6) << "beside the picture: ground";
  const Tensor high = FrameView(footage(PictureKind::kGray), spec(PictureKind::kGray, 64, 96)).pictures(0, 1);
  EXPECT_NEAR(high[0][0][48 + 30][20].item<double>(), 0.0, 1e-6) << "it stands on the lower edge";
  EXPECT_NEAR(high[0][0][20][20].item<double>(), 1.0, 1e-6);
}

TEST_F(FrameViewTest, ShowFieldsKeepTheFloorAndTheScale) {
  const auto data = footage(PictureKind::kDistance, 64, 48);
  const std::vector<std::int64_t> frames = {24};  // the disc at (32, 30): the middle
  const Tensor square = show_fields(*data, frames, 1.0, 48), wider = show_fields(*data, frames, 64.0 / 48.0, 64);
  EXPECT_NEAR(square[0][0][30][24].item<double>(), -4.0 / 48.0 * 1.0, 5e-2);
  EXPECT_LT(square[0][0][30][23].item<double>(), 0.0);
  EXPECT_GT(square[0][0][30][5].item<double>(), 0.0);
  EXPECT_LT(wider[0][0][16 + 30][32].item<double>(), 0.0) << "16 more rows above, none below";
  EXPECT_NEAR(wider[0][0][16 + 30][43].item<double>() * 64.0, distance(43, 30, 24), 0.2);
}

TEST(Resample, AFlatPictureStaysFlatAndGroundIsAround) {
  const Resample shrink(200, 100, 50, 50);
  EXPECT_DOUBLE_EQ(shrink.scale(), 0.25);
  std::vector<float> from(20000, 0.25f), to(2500);
  shrink.run(from, 1.0f, to);
  EXPECT_FLOAT_EQ(to[0], 1.0f);
  EXPECT_NEAR(to[2499], 0.25f, 1e-6f);
  const Resample same(7, 5, 7, 5);
  std::vector<float> numbers(35), again(35);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i);
  same.run(numbers, 0.0f, again);
  EXPECT_EQ(numbers, again);
}

TEST(Resample, NothingIsMissedWhenShrinking) {
  const Resample shrink(96, 96, 24, 24);  // a line one pixel wide, wherever it lies, keeps its weight
  for (int line = 40; line < 48; ++line) {
    std::vector<float> from(96 * 96, 0.0f), to(24 * 24);
    for (int y = 0; y < 96; ++y) from[static_cast<std::size_t>(y * 96 + line)] = 1.0f;
    shrink.run(from, 0.0f, to);
    float row = 0.0f;
    for (std::size_t x = 0; x < 24; ++x) row += to[12 * 24 + x];
    EXPECT_NEAR(row, 0.25f, 0.02f) << line;
  }
}

}  // namespace
}  // namespace ombra::train
