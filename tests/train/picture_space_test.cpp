// The space in which dances of different systems are compared, and the accuracies that papers report.
#include "evaluate/picture_space.hpp"

#include "core/error.hpp"
#include "core/rng.hpp"
#include "evaluate/figures.hpp"
#include "evaluate/keras_metrics.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ombra::train {
namespace {

using torch::Tensor;

constexpr std::int64_t kSize = 48;
constexpr int kFps = 30;

// A blob that swings from side to side and grows as it goes: fields [T, 1, S, S]. still: it stops after a second.
Tensor swing(std::int64_t frames, double phase, bool still = false) {
  const Tensor axis = (torch::arange(kSize, torch::kFloat) + 0.5) / static_cast<double>(kSize);
  const Tensor x = axis.view({1, kSize}), y = axis.view({kSize, 1});
  std::vector<Tensor> fields;
  for (std::int64_t t = 0; t < frames; ++t) {
    const double s = phase + 2.0 * M_PI * static_cast<double>(still ? std::min<std::int64_t>(t, kFps) : t) / kFps;
    const Tensor body = ((x - 0.5 - 0.2 * std::sin(s)).pow(2) + (y - 0.5 - 0.05 * std::cos(1.7 * s)).pow(2)).sqrt();
    fields.push_back(body - 0.15 - 0.04 * std::sin(0.31 * s));
  }
  return torch::stack(fields).unsqueeze(1);
}

class Swings : public testing::Test {
 protected:
  const Tensor footage = PictureSpace::small(swing(600, 0.3));
  const PictureSpace space{footage};
  Tensor codes(const Tensor& fields) const { return space.codes_of(PictureSpace::small(fields)); }
  double distance(const Tensor& a) const {
    return frechet_distance(window_features(a, kFps), window_features(space.codes_of(footage), kFps));
  }
};

TEST_F(Swings, ScaleAndPartsAreThoseOfTheFootage) {
  const Tensor z = space.codes_of(footage);
  ASSERT_EQ(z.sizes(), torch::IntArrayRef({600, PictureSpace::kParts}));
  EXPECT_NEAR(z.mean(0).abs().max().item<double>(), 0.0, 1e-4);
  EXPECT_NEAR(z.var(0, false).sum().item<double>(), 24.0, 1e-2);
  EXPECT_GT(z[0].norm().item<double>(), 0.0);
  const Tensor variance = z.var(0, false);
  EXPECT_TRUE((variance.slice(0, 0, -1) >= variance.slice(0, 1) - 1e-5).all().item<bool>()) << "largest first";
  EXPECT_GT(space.explained(), 0.95);
}

TEST_F(Swings, PicturesOfAnySizeLandAtTheSamePlace) {
  const Tensor fields = swing(40, 0.9), large = torch::upsample_bilinear2d(fields, {2 * kSize, 2 * kSize}, false);
  const Tensor a = codes(fields), b = codes(large);
  EXPECT_LT((a - b).norm(2, 1).max().item<double>(), 0.02 * a.norm(2, 1).mean().item<double>());
}

TEST_F(Swings, DistancesFarFromTheOutlineDoNotCount) {
  const Tensor fields = swing(1, 0.0), far = torch::where(fields.abs() > 0.09, 5.0 * fields, fields);
  EXPECT_TRUE(torch::allclose(codes(fields), codes(far)));
}

TEST_F(Swings, TheSameDanceIsNearAndOthersAreFar) {
  const double same = distance(codes(swing(600, 2.1)));
  EXPECT_NEAR(distance(space.codes_of(footage)), 0.0, 1e-6);
  EXPECT_LT(same, 1.0);
  torch::manual_seed(1);
  const Tensor order = torch::randperm(600);
  EXPECT_GT(distance(space.codes_of(footage).index_select(0, order)), 10.0 * same + 1.0) << "shuffled in time";
  EXPECT_GT(distance(codes(torch::randn({300, 1, kSize, kSize}) * 0.05)), 10.0) << "noise";
  EXPECT_GT(distance(codes(torch::full({300, 1, kSize, kSize}, 0.08))), 10.0) << "an empty stage";
}

TEST_F(Swings, StandingStillIsSeen) {
  const double speed = speeds(space.codes_of(footage)).mean().item<double>();
  EXPECT_EQ(frozen_share(codes(swing(300, 1.0)), kFps, speed), 0.0);
  EXPECT_NEAR(frozen_share(codes(swing(301, 1.0, true)), kFps, speed), 0.9, 1e-9) << "nine of ten seconds";
}

TEST(PictureSpace, WantsMoreThanOnePicture) {
  EXPECT_THROW(PictureSpace(torch::zeros({1, PictureSpace::kSide * PictureSpace::kSide})), Error);
}

TEST(KerasMetrics, BinaryAccuracyCountsRoundedPixels) {
  const Tensor target = torch::tensor({0.0f, 0.0f, 1.0f, 1.0f, 1.0f}).view({1, 1, 1, 5});
  const Tensor drawn = torch::tensor({0.2f, 0.6f, 0.9f, 0.51f, 0.4f}).view({1, 1, 1, 5});
  EXPECT_NEAR(binary_accuracy(drawn, target), 3.0 / 5.0, 1e-12);
  // half is rounded to even: 0
  EXPECT_NEAR(binary_accuracy(torch::tensor({0.5f, 0.5f}), torch::tensor({0.0f, 1.0f})), 0.5, 1e-12);
  // gray targets count as what they are nearer to
  EXPECT_NEAR(binary_accuracy(torch::tensor({0.1f, 0.8f}), torch::tensor({0.3f, 0.7f})), 1.0, 1e-12);
  // why it flatters: an empty white picture of a figure that fills a tenth of it
  const Tensor frame = torch::ones({1, 1, 10, 10});
  frame.select(2, 4).fill_(0.0);
  EXPECT_NEAR(binary_accuracy(torch::ones({1, 1, 10, 10}), frame), 0.9, 1e-12);
}

TEST(KerasMetrics, CategoricalAccuracyComparesWhereTheLargestNumberStands) {
  const Tensor target = torch::tensor({0.1f, 0.7f, 0.2f, 0.9f, 0.0f, 0.1f, 0.0f, 0.1f, 0.2f}).view({3, 3});
  const Tensor drawn = torch::tensor({0.0f, 0.3f, 0.2f, 0.1f, 0.2f, 0.0f, -3.0f, -2.0f, -1.0f}).view({3, 3});
  EXPECT_NEAR(categorical_accuracy(drawn, target), 2.0 / 3.0, 1e-12);
  EXPECT_NEAR(categorical_accuracy(target, target), 1.0, 1e-12);
}

}  // namespace
}  // namespace ombra::train
